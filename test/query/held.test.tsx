import { act, cleanup } from '@testing-library/react';
import { onlineManager } from '@tanstack/react-query';
import { useEffect } from 'react';
import { holdCalls, type Hold } from 'unexpired';
import { authedPersister, useAuthedMutation, useAuthedQuery, useSessionId } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, readName, withoutAct, type TestApp } from './test-app.tsx';

let app: TestApp;
let hold: Hold;
beforeEach(async () => {
  app = await createTestApp();
  hold = holdCalls(app.auth);
});
afterEach(() => {
  onlineManager.setOnline(true);
  cleanup();
});

/** Ends the session at the API, and lets the client find that out. */
async function loseSession(): Promise<void> {
  app.setup.api.endSession({ botId: 'ember' }, 460);
  await withoutAct(() => app.setup.world.until(app.auth.refresh().catch(() => undefined)));
}

const signInAgain = (botId: string) => withoutAct(() => app.setup.signIn(app.auth, botId));
const publish = (authedFetch: typeof fetch, text: string) => authedFetch('/users/me/posts', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text }) });

let mutate: (text: string) => void = () => undefined;
const ids = new Set<string | null>();

const Page = () => {
  const me = useAuthedQuery({ queryKey: ['me'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')) });
  const write = useAuthedMutation({
    mutationFn: async (text: string, { authedFetch }) => {
      await publish(authedFetch, text);
      return (await publish(authedFetch, `${text}, twice`)).status;
    },
  });
  const id = useSessionId();
  useEffect(() => {
    ids.add(id);
    mutate = write.mutate;
  });
  return <p>{`${me.data ?? 'nobody'} ${write.isPaused ? 'paused' : write.status} ${write.data ?? '-'}`}</p>;
};

/** Renders the page of a signed-in user, whose data has been fetched. */
async function openPage(): Promise<HTMLElement> {
  await app.signIn('ember');
  const page = app.render(<Page />);
  await app.until(() => expect(page.textContent).toBe('ember idle -'));
  ids.clear();
  ids.add(hold.getUserKey());
  return page;
}

describe('a query cache whose session is lost and held', () => {
  it('keeps its data and its session id until the same user signs in again', async () => {
    const page = await openPage();
    await loseSession();
    await app.advance(50);
    expect([page.textContent, hold.getSnapshot().cause]).toEqual(['ember idle -', 'login_required']);
    await act(() => app.queryClient.invalidateQueries());
    await app.advance(50);
    expect(app.setup.answers('me')).toEqual([200]); // Polls do not fill the hold.
    await signInAgain('ember');
    await app.advance(50);
    expect(page.textContent).toBe('ember idle -');
    expect(ids.size).toBe(1);
  });

  it('is cleared when another user signs in', async () => {
    const page = await openPage();
    await loseSession();
    app.queryClient.setQueryData(['secret'], 'of ember');
    await signInAgain('cinder');
    expect(app.queryClient.getQueryData(['secret'])).toBeUndefined();
    await app.until(() => expect(page.textContent).toBe('cinder idle -'));
  });

  it.each(['discard', 'sign-out'])('is cleared by a %s', async (way) => {
    const page = await openPage();
    await loseSession();
    await (way === 'discard' ? act(async () => hold.discard()) : app.signOut());
    await app.advance(10);
    expect([page.textContent, app.queryClient.getQueryData(['me'])]).toEqual(['nobody idle -', undefined]);
  });

  it('fetches what was mounted meanwhile as soon as the same user is back', async () => {
    await app.signIn('ember');
    app.render(null);
    await loseSession();
    cleanup();
    const page = app.render(<Page />);
    await app.advance(50);
    expect([page.textContent, app.setup.answers('me')]).toEqual(['nobody idle -', []]);
    await signInAgain('ember');
    await app.until(() => expect(page.textContent).toBe('ember idle -'));
  });
});

describe('a mutation whose session is lost and held', () => {
  it('goes on for the same user, with all its calls', async () => {
    const page = await openPage();
    app.setup.api.endSession({ botId: 'ember' }, 460);
    act(() => mutate('hello'));
    await app.until(() => expect(hold.getSnapshot().waiting).toBe(1));
    await signInAgain('ember');
    await app.until(() => expect(page.textContent).toBe('ember success 201'));
    expect(app.setup.answers('myPosts')).toEqual([401, 201, 201]);
  });

  it('sends nothing for another user', async () => {
    const page = await openPage();
    app.setup.api.endSession({ botId: 'ember' }, 460);
    act(() => mutate('hello'));
    await app.until(() => expect(hold.getSnapshot().waiting).toBe(1));
    await signInAgain('cinder');
    await app.until(() => expect(page.textContent).toBe('cinder idle -'));
    expect(app.setup.answers('myPosts')).toEqual([401]);
  });

  it.each([['ember', [201, 201]], ['cinder', []]])('that is paused while offline goes on for ember only; %s signs in', async (botId, answers) => {
    const page = await openPage();
    onlineManager.setOnline(false);
    act(() => mutate('hello'));
    await app.until(() => expect(page.textContent).toBe('ember paused -'));
    await loseSession();
    await signInAgain(botId);
    await act(async () => onlineManager.setOnline(true));
    await app.until(() => expect(page.textContent).toMatch(new RegExp(`^${botId} (success 201|idle -)$`)));
    expect(app.setup.answers('myPosts')).toEqual(answers);
  });
});

describe('a persisted cache whose session is lost and held', () => {
  it('is removed, and stored again for the next session of the same user', async () => {
    let stored: object | undefined;
    const persister = authedPersister(app.auth, { persistClient: (cache: object) => void (stored = cache), restoreClient: () => stored, removeClient: () => void (stored = undefined) });
    await app.signIn('ember');
    await persister.persistClient({ of: 'ember' });
    expect(stored).toEqual({ of: 'ember', sessionId: app.auth.getSnapshot().sessionId });
    await loseSession();
    await persister.persistClient({ of: 'ember' });
    expect(stored).toBeUndefined();
    await signInAgain('ember');
    await persister.persistClient({ of: 'ember' });
    expect(stored).toEqual({ of: 'ember', sessionId: app.auth.getSnapshot().sessionId });
  });
});
