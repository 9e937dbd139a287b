import { act, cleanup } from '@testing-library/react';
import { useQuery } from '@tanstack/react-query';
import { AuthError } from 'unexpired';
import { authedQueryOptions, useAuthedQuery } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStage, expectNoForeignData, readName, useNotes, type Seen, type Stage } from './stage.tsx';

let stage: Stage;
let notes: Seen[];
beforeEach(async () => {
  stage = await createStage();
  notes = [];
});
afterEach(cleanup);

const Name = () => {
  const me = useAuthedQuery({ queryKey: ['me'], queryFn: async ({ authedFetch, signal }) => readName(await authedFetch('/users/me', { signal })) });
  useNotes(stage, notes, me.data);
  return <p>{me.data ?? `nothing (${me.status}, ${me.fetchStatus})`}</p>;
};

describe('a refresh', () => {
  it('renders nothing and asks for nothing', async () => {
    const page = stage.show(<Name />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    const renders = notes.length;
    const events: string[] = [];
    stage.queryClient.getQueryCache().subscribe(({ type }) => events.push(type));
    await act(async () => void (await stage.scene.world.until(stage.auth.refresh())));
    await stage.advance(100);
    expect(stage.scene.answers('refresh')).toEqual([200]);
    expect(notes).toHaveLength(renders);
    expect(events).toEqual([]);
    expect(stage.scene.answers('me')).toEqual([200]);
  });
});

describe('a session that recovers', () => {
  /** Fails for want of a token: the access token is rejected, and refreshing has to wait. */
  async function fall() {
    const mend = stage.scene.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503, retryAfter: 30 });
    stage.scene.api.revokeAccessTokens();
    return mend;
  }

  it('asks again for what failed for auth reasons, and for nothing else', async () => {
    const asked: string[] = [];
    const Three = () => {
      const fine = useQuery({ queryKey: ['fine'], queryFn: () => (asked.push('fine'), 'fine') });
      const broken = useQuery({ queryKey: ['broken'], queryFn: () => (asked.push('broken'), Promise.reject(new Error('HTTP 500'))), retry: false });
      const me = useAuthedQuery({ queryKey: ['me'], queryFn: async ({ authedFetch }) => (asked.push('me'), readName(await authedFetch('/users/me'))), retry: false });
      return <p>{`${fine.data} ${broken.status} ${me.data ?? (AuthError.is(me.error) && me.error.code)}`}</p>;
    };
    await stage.enter('ember');
    const mend = await fall();
    const page = stage.show(<Three />);
    await stage.until(() => expect(page.textContent).toBe('fine error refresh_unavailable'));
    asked.length = 0;
    await stage.advance(40_000);
    expect(stage.scene.answers('refresh')).toEqual([503, 503]);
    expect(asked).toEqual([]);
    mend();
    await stage.advance(31_000);
    await stage.until(() => expect(page.textContent).toBe('fine error ember'));
    expect(asked).toEqual(['me']);
  });

  it('wakes what sleeps until a token can be had, and whoever waits for it gets the answer', async () => {
    const page = stage.show(<Name />);
    await stage.enter('ember');
    const mend = await fall();
    await stage.until(() => expect(stage.queryClient.getQueryCache().find({ queryKey: ['me'] })?.state.fetchFailureReason).toMatchObject({ code: 'refresh_unavailable' }));
    const waiting = stage.queryClient.ensureQueryData({ queryKey: ['me'] });
    expect(page.textContent).toBe('nothing (pending, fetching)');
    mend();
    await stage.advance(31_000);
    await stage.until(() => expect(page.textContent).toBe('ember'));
    await expect(waiting).resolves.toBe('ember');
  });

  it('wakes a loader, too', async () => {
    stage.show(null);
    await stage.enter('ember');
    const mend = await fall();
    const loaded = stage.queryClient.fetchQuery(authedQueryOptions(stage.auth, { queryKey: ['me'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')) }));
    await stage.until(() => expect(stage.queryClient.getQueryState(['me'])?.fetchFailureReason).toMatchObject({ code: 'refresh_unavailable' }));
    mend();
    await expect(stage.scene.world.until(loaded)).resolves.toBe('ember');
  });

  it('keeps what is shown meanwhile', async () => {
    const page = stage.show(<Name />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    const mend = await fall();
    void stage.queryClient.invalidateQueries();
    await stage.until(() => expect(stage.auth.getSnapshot().refresh.state).toBe('waiting'));
    expect(page.textContent).toBe('ember');
    mend();
    await stage.advance(31_000);
    await stage.until(() => expect(stage.scene.answers('me').at(-1)).toBe(200));
    expectNoForeignData(notes);
  });
});
