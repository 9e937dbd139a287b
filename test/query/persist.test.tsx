import { act, cleanup, render } from '@testing-library/react';
import { onlineManager, QueryClient } from '@tanstack/react-query';
import { PersistQueryClientProvider, type PersistedClient, type Persister } from '@tanstack/react-query-persist-client';
import { StrictMode, useEffect } from 'react';
import { AuthProvider, type AuthClient } from 'unexpired';
import { AuthQueryProvider, authedPersister, useAuthedMutation, useAuthedQuery } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inspectorOf } from '../../src/core/inspector.ts';
import { createTestApp, readName, useRecord, type RenderRecord, type TestApp } from './test-app.tsx';

const THROTTLE_MS = 1000;

let app: TestApp;
let records: RenderRecord[];
let disk: { text: string | null };
beforeEach(async () => {
  app = await createTestApp();
  records = [];
  disk = { text: null };
});
afterEach(() => {
  onlineManager.setOnline(true);
  cleanup();
});

/** Writes only the latest cache, a moment later, as TanStack's own persisters do. */
function throttled(): Persister {
  let latest: PersistedClient | null = null;
  return {
    persistClient(cache) {
      if (latest === null) app.setup.world.openTab().platform.setTimer(write, THROTTLE_MS);
      latest = cache;
    },
    restoreClient: () => (disk.text === null ? undefined : (JSON.parse(disk.text) as PersistedClient)),
    removeClient: () => void (disk.text = null),
  };
  function write() {
    disk.text = JSON.stringify(latest);
    latest = null;
  }
}

let publish: (text: string) => void = () => undefined;
const Name = () => {
  const me = useAuthedQuery({ queryKey: ['me'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')), staleTime: Infinity });
  const write = useAuthedMutation({ mutationKey: ['publish'], mutationFn: (text: string, { authedFetch }) => authedFetch('/users/me/posts', { method: 'POST', body: text }) });
  useEffect(() => {
    publish = write.mutate;
  });
  useRecord(app, records, me.data);
  return <p>{me.data ?? 'nothing'}</p>;
};

function open(auth: AuthClient = app.auth) {
  const persistOptions = { persister: authedPersister(auth, throttled()) };
  return render(
    <StrictMode>
      <PersistQueryClientProvider client={new QueryClient()} persistOptions={persistOptions}>
        <AuthProvider client={auth}><AuthQueryProvider><Name /></AuthQueryProvider></AuthProvider>
      </PersistQueryClientProvider>
    </StrictMode>,
  );
}

/** Loads the page again. The session and the persisted cache are still there. */
async function reload() {
  cleanup();
  const { auth } = app.setup.open();
  return open(auth).container;
}

describe('a persisted cache', () => {
  it('is shown to the same user after a reload without a request', async () => {
    await app.signIn('ember');
    const { container } = open();
    await app.until(() => expect(container.textContent).toBe('ember'));
    await app.advance(THROTTLE_MS);
    expect(disk.text).toContain('"data":"ember"');
    const reloaded = await reload();
    await app.until(() => expect(reloaded.textContent).toBe('ember'));
    expect(app.setup.answers('me')).toEqual([200]);
  });

  // claim: persisted-cache-removed-at-sign-out
  it('is removed with its queries and mutations as soon as the user signs out, and stays removed', async () => {
    await app.signIn('ember');
    const { container } = open();
    await app.until(() => expect(container.textContent).toBe('ember'));
    onlineManager.setOnline(false);
    act(() => publish('a paused post'));
    await app.advance(THROTTLE_MS);
    expect(disk.text).toContain('a paused post');
    act(() => publish('another post, whose write is due'));
    await app.signOut();
    expect(disk.text).toBeNull();
    await app.advance(THROTTLE_MS * 2);
    expect(disk.text).toContain('"queries":[]');
    expect(disk.text).toContain('"mutations":[]');
  });

  it('never stores one user’s data under the next user’s session', async () => {
    await app.signIn('ember');
    const { container } = open();
    await app.until(() => expect(container.textContent).toBe('ember'));
    await app.advance(THROTTLE_MS);
    await app.signIn('cinder');
    expect(disk.text).toBeNull();
    await app.until(() => expect(container.textContent).toBe('cinder'));
    await app.advance(THROTTLE_MS);
    expect(disk.text).not.toContain('ember');
    expect(disk.text).toContain(app.auth.getSnapshot().sessionId);
  });

  // claim: persisted-cache-of-another-user-removed
  it('is removed and not shown to the next user when a closed page has left it behind', async () => {
    await app.signIn('ember');
    const { container } = open();
    await app.until(() => expect(container.textContent).toBe('ember'));
    await app.advance(THROTTLE_MS);
    const left = disk.text;
    cleanup();
    await app.signIn('cinder');
    disk.text = left; // The page was closed before it could remove the cache.
    records.length = 0;
    app.setup.world.latencyMs = 300;
    const reloaded = await reload();
    await app.until(() => expect(disk.text).toBeNull());
    await app.until(() => expect(reloaded.textContent).toBe('cinder'));
    expect(records.map(({ shown }) => shown)).not.toContain('ember');
  });

  it('is removed before it is written for another user, however long the removal takes', async () => {
    const log: string[] = [];
    const removeClient = async () => {
      await app.setup.world.openTab().platform.fetch('https://disk.test/').catch(() => undefined);
      log.push('removed');
    };
    const persister = authedPersister<object>(app.auth, { persistClient: () => void log.push('written'), restoreClient: () => undefined, removeClient });
    await app.signIn('ember');
    await app.setup.world.until(Promise.resolve(persister.persistClient({})));
    expect(log).toEqual(['removed', 'written']);
  });

  it('is not written when its user signs out while the former cache is being removed', async () => {
    const log: unknown[] = [];
    const removals: (() => void)[] = [];
    const removeClient = () => new Promise<void>((resolve) => removals.push(resolve));
    const persister = authedPersister<{ of: string }>(app.auth, { persistClient: (cache) => void log.push(cache), restoreClient: () => undefined, removeClient });
    await app.signIn('ember');
    const written = [persister.persistClient({ of: 'ember' })];
    await app.advance(10);
    await app.signOut();
    written.push(persister.persistClient({ of: 'signedOut' }));
    await app.advance(10);
    for (const resolve of removals) resolve();
    await Promise.all(written);
    expect(log).toEqual([{ of: 'signedOut', sessionId: null }]);
  });

  it('is written even if the former cache cannot be removed, and the error of the persister is reported', async () => {
    const log: unknown[] = [];
    const bug = new Error('a bug of the app');
    const report = vi.spyOn(inspectorOf(app.auth).platform, 'report');
    const removeClient = () => Promise.reject(bug);
    const persister = authedPersister<object>(app.auth, { persistClient: (cache) => void log.push(cache), restoreClient: () => undefined, removeClient });
    await app.signIn('ember');
    await persister.persistClient({ data: 1 });
    expect(log).toMatchObject([{ data: 1 }]);
    expect(report).toHaveBeenCalledExactlyOnceWith(bug);
  });

  it('contains no token', async () => {
    await app.signIn('ember');
    const { container } = open();
    await app.until(() => expect(container.textContent).toBe('ember'));
    await app.advance(THROTTLE_MS);
    expect(disk.text).not.toBeNull();
    for (const secret of app.secrets) expect(disk.text).not.toContain(secret);
  });
});
