import { act, cleanup } from '@testing-library/react';
import { useQuery } from '@tanstack/react-query';
import { AuthError } from 'unexpired';
import { authedQueryOptions, useAuthedQuery } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, expectNoForeignData, readName, useRecord, type RenderRecord, type TestApp } from './test-app.tsx';

let app: TestApp;
let records: RenderRecord[];
beforeEach(async () => {
  app = await createTestApp();
  records = [];
});
afterEach(cleanup);

const Name = () => {
  const me = useAuthedQuery({ queryKey: ['me'], queryFn: async ({ authedFetch, signal }) => readName(await authedFetch('/users/me', { signal })) });
  useRecord(app, records, me.data);
  return <p>{me.data ?? `nothing (${me.status}, ${me.fetchStatus})`}</p>;
};

describe('a refresh', () => {
  it('causes no render, no cache event and no other request', async () => {
    const page = app.render(<Name />);
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
    const renders = records.length;
    const events: string[] = [];
    app.queryClient.getQueryCache().subscribe(({ type }) => events.push(type));
    await act(async () => void (await app.setup.world.until(app.auth.refresh())));
    await app.advance(100);
    expect(app.setup.answers('refresh')).toEqual([200]);
    expect(records).toHaveLength(renders);
    expect(events).toEqual([]);
    expect(app.setup.answers('me')).toEqual([200]);
  });
});

describe('a session that recovers from an outage', () => {
  /** Revokes the access token and lets every refresh fail. Returns a function that ends the outage. */
  async function beginOutage() {
    const endOutage = app.setup.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503, retryAfter: 30 });
    app.setup.api.revokeAccessTokens();
    return endOutage;
  }

  it('refetches the queries that failed for lack of a token, and no others', async () => {
    const asked: string[] = [];
    const Three = () => {
      const fine = useQuery({ queryKey: ['fine'], queryFn: () => (asked.push('fine'), 'fine') });
      const broken = useQuery({ queryKey: ['broken'], queryFn: () => (asked.push('broken'), Promise.reject(new Error('HTTP 500'))), retry: false });
      const me = useAuthedQuery({ queryKey: ['me'], queryFn: async ({ authedFetch }) => (asked.push('me'), readName(await authedFetch('/users/me'))), retry: false });
      return <p>{`${fine.data} ${broken.status} ${me.data ?? (AuthError.is(me.error) && me.error.code)}`}</p>;
    };
    await app.signIn('ember');
    const endOutage = await beginOutage();
    const page = app.render(<Three />);
    await app.until(() => expect(page.textContent).toBe('fine error refresh_unavailable'));
    asked.length = 0;
    await app.advance(40_000);
    expect(app.setup.answers('refresh')).toEqual([503, 503]);
    expect(asked).toEqual([]);
    endOutage();
    await app.advance(31_000);
    await app.until(() => expect(page.textContent).toBe('fine error ember'));
    expect(asked).toEqual(['me']);
  });

  it('resumes a query that pauses between retries, and its waiting callers get the data', async () => {
    const page = app.render(<Name />);
    await app.signIn('ember');
    const endOutage = await beginOutage();
    await app.until(() => expect(app.queryClient.getQueryCache().find({ queryKey: ['me'] })?.state.fetchFailureReason).toMatchObject({ code: 'refresh_unavailable' }));
    const waiting = app.queryClient.ensureQueryData({ queryKey: ['me'] });
    expect(page.textContent).toBe('nothing (pending, fetching)');
    endOutage();
    await app.advance(31_000);
    await app.until(() => expect(page.textContent).toBe('ember'));
    await expect(waiting).resolves.toBe('ember');
  });

  it('resumes a loader that pauses between retries', async () => {
    app.render(null);
    await app.signIn('ember');
    const endOutage = await beginOutage();
    const loaded = app.queryClient.fetchQuery(authedQueryOptions(app.auth, { queryKey: ['me'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')) }));
    await app.until(() => expect(app.queryClient.getQueryState(['me'])?.fetchFailureReason).toMatchObject({ code: 'refresh_unavailable' }));
    endOutage();
    await expect(app.setup.world.until(loaded)).resolves.toBe('ember');
  });

  it('keeps showing the data during the outage', async () => {
    const page = app.render(<Name />);
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
    const endOutage = await beginOutage();
    void app.queryClient.invalidateQueries();
    await app.until(() => expect(app.auth.getSnapshot().refresh.state).toBe('waiting'));
    expect(page.textContent).toBe('ember');
    endOutage();
    await app.advance(31_000);
    await app.until(() => expect(app.setup.answers('me').at(-1)).toBe(200));
    expectNoForeignData(records);
  });
});
