import { act, cleanup, render } from '@testing-library/react';
import { onlineManager, QueryClient } from '@tanstack/react-query';
import { PersistQueryClientProvider, type PersistedClient, type Persister } from '@tanstack/react-query-persist-client';
import { StrictMode, useEffect } from 'react';
import { AuthProvider, type AuthClient } from 'unexpired';
import { AuthQueryProvider, authedPersister, useAuthedMutation, useAuthedQuery } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStage, readName, useNotes, type Seen, type Stage } from './stage.tsx';

const THROTTLE_MS = 1000;

let stage: Stage;
let notes: Seen[];
let disk: { text: string | null };
beforeEach(async () => {
  stage = await createStage();
  notes = [];
  disk = { text: null };
});
afterEach(() => {
  onlineManager.setOnline(true);
  cleanup();
});

/** Writes a moment later, the latest alone, as TanStack's own persisters do. */
function throttled(): Persister {
  let latest: PersistedClient | null = null;
  return {
    persistClient(cache) {
      if (latest === null) stage.scene.world.openTab().platform.setTimer(write, THROTTLE_MS);
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
  useNotes(stage, notes, me.data);
  return <p>{me.data ?? 'nothing'}</p>;
};

function open(auth: AuthClient = stage.auth) {
  const persistOptions = { persister: authedPersister(auth, throttled()) };
  return render(
    <StrictMode>
      <PersistQueryClientProvider client={new QueryClient()} persistOptions={persistOptions}>
        <AuthQueryProvider client={auth}><AuthProvider client={auth}><Name /></AuthProvider></AuthQueryProvider>
      </PersistQueryClientProvider>
    </StrictMode>,
  );
}

/** A page load: the old page is gone, the session and what was persisted are there. */
async function reload() {
  cleanup();
  const { auth } = stage.scene.open();
  return open(auth).container;
}

describe('a persisted cache', () => {
  it('is shown again to the same user after a reload, without asking the API', async () => {
    await stage.enter('ember');
    const { container } = open();
    await stage.until(() => expect(container.textContent).toBe('ember'));
    await stage.advance(THROTTLE_MS);
    expect(disk.text).toContain('"data":"ember"');
    const reloaded = await reload();
    await stage.until(() => expect(reloaded.textContent).toBe('ember'));
    expect(stage.scene.answers('me')).toEqual([200]);
  });

  // claim: persisted-cache-removed-at-sign-out
  it('is gone from the disk as soon as its user signs out, queries and mutations alike, and stays gone', async () => {
    await stage.enter('ember');
    const { container } = open();
    await stage.until(() => expect(container.textContent).toBe('ember'));
    onlineManager.setOnline(false);
    act(() => publish('a paused post'));
    await stage.advance(THROTTLE_MS);
    expect(disk.text).toContain('a paused post');
    act(() => publish('another, whose write is due'));
    await stage.leave();
    expect(disk.text).toBeNull();
    await stage.advance(THROTTLE_MS * 2);
    expect(disk.text).toContain('"queries":[]');
    expect(disk.text).toContain('"mutations":[]');
  });

  it('never holds one user\'s data in the name of the next', async () => {
    await stage.enter('ember');
    const { container } = open();
    await stage.until(() => expect(container.textContent).toBe('ember'));
    await stage.advance(THROTTLE_MS);
    await stage.enter('cinder');
    expect(disk.text).toBeNull();
    await stage.until(() => expect(container.textContent).toBe('cinder'));
    await stage.advance(THROTTLE_MS);
    expect(disk.text).not.toContain('ember');
    expect(disk.text).toContain(stage.auth.getSnapshot().sessionId);
  });

  // claim: persisted-cache-of-another-user-removed
  it('that a closed page left behind is not shown to the next user, and removed', async () => {
    await stage.enter('ember');
    const { container } = open();
    await stage.until(() => expect(container.textContent).toBe('ember'));
    await stage.advance(THROTTLE_MS);
    const left = disk.text;
    cleanup();
    await stage.enter('cinder');
    disk.text = left; // The page was closed before anything could be removed.
    notes.length = 0;
    stage.scene.world.latencyMs = 300;
    const reloaded = await reload();
    await stage.until(() => expect(disk.text).toBeNull());
    await stage.until(() => expect(reloaded.textContent).toBe('cinder'));
    expect(notes.map(({ shown }) => shown)).not.toContain('ember');
  });

  it('is removed before it is written for somebody else, however long that takes', async () => {
    const log: string[] = [];
    const removeClient = async () => {
      await stage.scene.world.openTab().platform.fetch('https://disk.test/').catch(() => undefined);
      log.push('removed');
    };
    const persister = authedPersister<object>(stage.auth, { persistClient: () => void log.push('written'), restoreClient: () => undefined, removeClient });
    await stage.enter('ember');
    await stage.scene.world.until(Promise.resolve(persister.persistClient({})));
    expect(log).toEqual(['removed', 'written']);
  });

  it('is not written any more when its user goes while the former one\'s is being removed', async () => {
    const log: unknown[] = [];
    const removals: (() => void)[] = [];
    const removeClient = () => new Promise<void>((resolve) => removals.push(resolve));
    const persister = authedPersister<{ of: string }>(stage.auth, { persistClient: (cache) => void log.push(cache), restoreClient: () => undefined, removeClient });
    await stage.enter('ember');
    const written = [persister.persistClient({ of: 'ember' })];
    await stage.advance(10);
    await stage.leave();
    written.push(persister.persistClient({ of: 'nobody' }));
    await stage.advance(10);
    for (const resolve of removals) resolve();
    await Promise.all(written);
    expect(log).toEqual([{ of: 'nobody', sessionId: null }]);
  });

  it('is written even where what was there cannot be removed', async () => {
    const log: unknown[] = [];
    const removeClient = () => Promise.reject(new Error('no'));
    const persister = authedPersister<object>(stage.auth, { persistClient: (cache) => void log.push(cache), restoreClient: () => undefined, removeClient });
    await stage.enter('ember');
    await persister.persistClient({ data: 1 });
    expect(log).toMatchObject([{ data: 1 }]);
  });

  it('holds no token', async () => {
    await stage.enter('ember');
    const { container } = open();
    await stage.until(() => expect(container.textContent).toBe('ember'));
    await stage.advance(THROTTLE_MS);
    expect(disk.text).not.toBeNull();
    for (const secret of stage.secrets) expect(disk.text).not.toContain(secret);
  });
});
