import { act, cleanup, render } from '@testing-library/react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { AuthProvider, SignedIn, type AuthClient } from 'unexpired';
import { AuthQueryProvider, bindQueryClient, useAuthedQuery, useSessionId } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Activity, hasActivity } from '../support/activity.tsx';
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

describe('an authed query', () => {
  it('is off until somebody signs in, and shows what is theirs', async () => {
    const page = stage.show(<Name />);
    await stage.advance(50);
    expect(page.textContent).toBe('nothing (pending, idle)');
    expect(stage.scene.answers('me')).toEqual([]);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    expect(stage.scene.answers('me')).toEqual([200]);
  });

  // claim: query-cache-cleared-between-users
  it('shows a new user nothing of the old one, who was signed in until that moment', async () => {
    const page = stage.show(<Name />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    await stage.enter('cinder');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData(notes);
    expect(notes).toContainEqual({ user: 'cinder', shown: undefined });
  });

  it('is cancelled in flight when the user changes: its answer never arrives', async () => {
    const page = stage.show(<Name />);
    stage.scene.world.latencyMs = 400;
    await stage.enter('ember');
    await stage.until(() => expect(stage.queryClient.isFetching()).toBe(1));
    const aborted: string[] = [];
    stage.scene.world.onExchange = ({ phase, url }) => phase === 'aborted' && aborted.push(new URL(url).pathname);
    await stage.enter('cinder');
    expect(aborted).toEqual(['/v1/users/me']);
    await stage.until(() => expect(page.textContent).toBe('cinder'));
    await stage.advance(1000);
    expect(page.textContent).toBe('cinder');
    expectNoForeignData(notes);
  });

  it('that ignores its signal is not listened to any more, and sends nothing further', async () => {
    const errors: unknown[] = [];
    const Deaf = () => {
      const names = useAuthedQuery({
        queryKey: ['names'],
        queryFn: async ({ authedFetch }) => {
          const first = await readName(await authedFetch('/users/me'));
          const second = await authedFetch('/users/me').then(readName, (error: unknown) => (errors.push(error), Promise.reject(error)));
          return first === second ? first : `${first} and ${second}`;
        },
      });
      useNotes(stage, notes, names.data);
      return <p>{names.data}</p>;
    };
    const page = stage.show(<Deaf />);
    stage.scene.world.latencyMs = 200;
    await stage.enter('ember');
    await stage.advance(50);
    await stage.enter('cinder');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData(notes);
    expect(errors).toMatchObject([{ code: 'session_changed' }]);
  });

  it('is gone with its data after a sign-out, and off', async () => {
    const page = stage.show(<Name />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    await stage.leave();
    await stage.until(() => expect(page.textContent).toBe('nothing (pending, idle)'));
    expectNoForeignData(notes);
    expect(JSON.stringify(stage.queryClient.getQueryCache().getAll().map(({ state }) => state.data))).toBe('[null]');
    expect(stage.scene.answers('me')).toEqual([200]);
  });

  it('is gone with its data when the API ends the session', async () => {
    const page = stage.show(<Name />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    stage.scene.api.endSession({}, 810);
    void stage.queryClient.invalidateQueries();
    await stage.until(() => expect(stage.auth.getSnapshot().endReason).toBe('suspended'));
    await stage.until(() => expect(page.textContent).toBe('nothing (pending, idle)'));
    expectNoForeignData(notes);
  });

  it('keeps no placeholder of the old user, whatever its key', async () => {
    let turn: (page: number) => void = () => undefined;
    const Paged = () => {
      const [number, setNumber] = useState(1);
      const me = useAuthedQuery({
        queryKey: ['page', number],
        queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')),
        placeholderData: keepPreviousData,
      });
      useEffect(() => {
        turn = setNumber;
      }, []);
      useNotes(stage, notes, me.data);
      return <p>{me.data ?? 'nothing'}</p>;
    };
    const page = stage.show(<Paged />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    stage.scene.world.latencyMs = 400;
    act(() => turn(2));
    expect(page.textContent).toBe('ember'); // In place of the second page, which is on its way.
    await stage.enter('cinder');
    expect(page.textContent).toBe('nothing');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData(notes);
  });

  it('has room for a key of the user in its own key', async () => {
    const Own = () => {
      const user = useSessionId();
      const me = useAuthedQuery({ queryKey: [user, 'me'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')), placeholderData: keepPreviousData });
      useNotes(stage, notes, me.data);
      return <p>{me.data ?? 'nothing'}</p>;
    };
    const page = stage.show(<Own />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    await stage.enter('cinder');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData(notes);
    const keys = stage.queryClient.getQueryCache().getAll().map(({ queryKey }) => queryKey);
    expect(keys).toEqual([[stage.auth.getSnapshot().sessionId, 'me']]);
  });
});

describe("TanStack's own hooks under the provider", () => {
  it('lose the old user\'s data, and ask again for the new one, even where they show nothing yet', async () => {
    let renders = 0;
    const Plain = () => {
      renders++;
      const me = useQuery({ queryKey: ['me'], queryFn: async () => readName(await stage.auth.fetch('/users/me')), enabled: true, placeholderData: keepPreviousData });
      return <p>{me.data ?? 'nothing'}</p>;
    };
    await stage.enter('ember');
    stage.scene.world.latencyMs = 300;
    const page = stage.show(<Plain />);
    await stage.advance(50);
    await stage.enter('cinder');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
    await stage.enter('ember');
    expect(page.textContent).not.toBe('ember');
    await stage.advance(0);
    expect(page.textContent).toBe('nothing');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    expect(renders).toBeLessThan(20);
  });

  it('that go away with their user ask for nothing when that signs out', async () => {
    const Plain = () => <p>{useQuery({ queryKey: ['me'], queryFn: async () => readName(await stage.auth.fetch('/users/me')) }).data}</p>;
    await stage.enter('ember');
    const page = stage.show(<SignedIn><Plain /></SignedIn>);
    await stage.until(() => expect(page.textContent).toBe('ember'));
    await stage.leave();
    await stage.advance(500);
    expect(page.textContent).toBe('');
    expect(stage.scene.answers('me')).toEqual([200]);
  });
});

describe('bindQueryClient', () => {
  it('follows the session without React, until it is released', async () => {
    const release = bindQueryClient(stage.auth, stage.queryClient);
    await stage.enter('ember');
    stage.queryClient.setQueryData(['me'], 'ember');
    await stage.enter('cinder');
    expect(stage.queryClient.getQueryData(['me'])).toBeUndefined();
    stage.queryClient.setQueryData(['me'], 'cinder');
    release();
    release();
    await stage.leave();
    expect(stage.queryClient.getQueryData(['me'])).toBe('cinder');
  });

  it('beside the provider does the same once more', async () => {
    bindQueryClient(stage.auth, stage.queryClient);
    const Plain = () => <p>{useQuery({ queryKey: ['me'], queryFn: async () => readName(await stage.auth.fetch('/users/me')) }).data ?? 'nothing'}</p>;
    await stage.enter('ember');
    stage.scene.world.latencyMs = 300;
    const page = stage.show(<Plain />);
    await stage.advance(50);
    await stage.enter('cinder');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
  });

  it('after the provider was away for a change of user, or got another client, finds nothing of the former user', async () => {
    const tree = (client: AuthClient) => (
      <AuthProvider client={client}>
        <AuthQueryProvider client={client} queryClient={stage.queryClient}><Name /></AuthQueryProvider>
      </AuthProvider>
    );
    await stage.enter('ember');
    const first = render(tree(stage.auth));
    await stage.until(() => expect(first.container.textContent).toBe('ember'));
    first.unmount();
    await stage.enter('cinder');
    const second = render(tree(stage.auth));
    expect(second.container.textContent).not.toBe('ember');
    await stage.until(() => expect(second.container.textContent).toBe('cinder'));

    const other = stage.scene.open({ storageKey: 'another' }).auth;
    await stage.scene.signIn(other, 'ember');
    second.rerender(tree(other));
    expect(second.container.textContent).not.toBe('cinder');
    await stage.until(() => expect(second.container.textContent).toBe('ember'));
  });

  it('after the provider was away for a moment has kept what was there', async () => {
    await stage.enter('ember');
    bindQueryClient(stage.auth, stage.queryClient)();
    stage.queryClient.setQueryData(['me'], 'ember');
    bindQueryClient(stage.auth, stage.queryClient);
    expect(stage.queryClient.getQueryData(['me'])).toBe('ember');
  });

  it.runIf(hasActivity)('sees what has changed while its provider was hidden', async () => {
    const tree = (mode: 'hidden' | 'visible') => (
      <Activity mode={mode}>
        <AuthProvider client={stage.auth}>
          <AuthQueryProvider client={stage.auth} queryClient={stage.queryClient}><Name /></AuthQueryProvider>
        </AuthProvider>
      </Activity>
    );
    await stage.enter('ember');
    const { container, rerender } = render(tree('visible'));
    await stage.until(() => expect(container.textContent).toBe('ember'));
    rerender(tree('hidden'));
    await stage.enter('cinder');
    rerender(tree('visible'));
    expect(container.textContent).not.toBe('ember');
    await stage.until(() => expect(container.textContent).toBe('cinder'));
  });
});
