import { restoreSession, type AuthStorage } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCookieSetup, type CookieSetup } from '../support/cookie-setup.ts';

let setup: CookieSetup;
let isSilent: boolean;
beforeEach(() => {
  setup = createCookieSetup();
  isSilent = true;
});

/** Signs in by the server, as a page of its own does. */
async function signInByServer(bot = 'ember'): Promise<void> {
  await setup.jar.fetch('https://api.bonfire.test/v1/oauth/bots', {
    method: 'POST', credentials: 'include', headers: { authorization: 'Bearer app-key', 'x-csrf': '1' },
    body: new URLSearchParams({ grant_type: 'client_credentials', bots: JSON.stringify([bot]) }),
  });
}

/** Opens a page whose storage does not answer while `isSilent`. Its client gives up waiting for it. */
async function openWithoutStorage() {
  const { platform } = setup.world.openTab();
  const never = new Promise<never>(() => undefined);
  const storage: AuthStorage = {
    ...platform.storage,
    read: (key) => (isSilent ? never : platform.storage.read(key)),
    update: (key, change) => (isSilent ? never : platform.storage.update(key, change)),
  };
  const { auth } = setup.open({ platform: { ...platform, storage } });
  auth.subscribe(() => undefined);
  await setup.world.advance(10_000);
  return auth;
}

/** Storage answers again, and the page writes back what it has. */
async function answerAgain(): Promise<void> {
  isSilent = false;
  await setup.world.advance(20_000);
}

/** Leaves the record of a user who has signed out. */
async function leaveSignOut(): Promise<void> {
  const { auth, tab } = await setup.openSignedIn();
  await setup.world.until(auth.signOut());
  await setup.world.advance(1000);
  tab.kill();
}

describe('a page that restores a session while storage does not answer', () => {
  it('does not replace the session of the other tabs by a presumed one', async () => {
    await signInByServer();
    const other = setup.open();
    await setup.world.until(other.auth.ready());
    const { sessionId } = other.auth.getSnapshot();
    setup.faultRefreshes('dropBefore');
    const auth = await openWithoutStorage();
    expect(auth.getSnapshot().status).toBe('loading');
    await answerAgain();
    expect(other.auth.getSnapshot()).toMatchObject({ status: 'signedIn', sessionId });
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', sessionId });
  });

  it('keeps it if storage has a sign-out of before', async () => {
    await leaveSignOut();
    await signInByServer();
    const auth = await openWithoutStorage();
    const { sessionId } = auth.getSnapshot();
    await answerAgain();
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', sessionId });
    expect((await setup.world.until(setup.open().auth.ready())).sessionId).toBe(sessionId);
  });

  it('gets its answer although storage has a sign-out of before', async () => {
    await leaveSignOut();
    await signInByServer();
    setup.faultRefreshes('dropBefore');
    const auth = await openWithoutStorage();
    await answerAgain();
    setup.faultRefreshes('none');
    await setup.world.advance(60_000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn' });
  });

  it('keeps it if storage has a session of another user from before', async () => {
    const former = await setup.openSignedIn();
    await signInByServer('cinder');
    const auth = await openWithoutStorage();
    const { sessionId } = auth.getSnapshot();
    await answerAgain();
    expect(auth.getSnapshot().sessionId).toBe(sessionId);
    expect(former.auth.getSnapshot().sessionId).toBe(sessionId);
  });

  it('takes over the stored session if it is of the same user', async () => {
    const former = await setup.openSignedIn();
    const { sessionId } = former.auth.getSnapshot();
    const auth = await openWithoutStorage();
    expect(auth.getSnapshot().sessionId).not.toBe(sessionId);
    await answerAgain();
    expect(auth.getSnapshot().sessionId).toBe(sessionId);
    expect(former.auth.getSnapshot().sessionId).toBe(sessionId);
  });

  it.each(['ember', 'cinder'])('takes over the session of %s that another page has restored since', async (bot) => {
    await signInByServer();
    const auth = await openWithoutStorage();
    expect(auth.getSnapshot().status).toBe('signedIn');
    await signInByServer(bot);
    const other = setup.open();
    const { sessionId } = await setup.world.until(other.auth.ready());
    await answerAgain();
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', sessionId });
    expect(other.auth.getSnapshot()).toMatchObject({ status: 'signedIn', sessionId });
  });

  it('is signed out if another tab has signed out since, after the clock was set back', async () => {
    await signInByServer();
    const auth = await openWithoutStorage();
    expect(auth.getSnapshot().status).toBe('signedIn');
    const other = setup.open();
    await setup.world.until(other.auth.ready());
    setup.world.skewMs = -3_600_000;
    await setup.world.until(other.auth.signOut());
    await answerAgain();
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
  });

  it('takes over the session of another user who has signed in since, after the clock was set back', async () => {
    await signInByServer();
    const auth = await openWithoutStorage();
    const other = setup.open();
    await setup.world.until(other.auth.ready());
    setup.world.skewMs = -3_600_000;
    await setup.signIn(other.auth, 'cinder');
    const { sessionId } = other.auth.getSnapshot();
    await answerAgain();
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', sessionId });
    expect(other.auth.getSnapshot()).toMatchObject({ status: 'signedIn', sessionId });
  });

  it('is signed out if another tab has signed out since', async () => {
    await leaveSignOut();
    await signInByServer();
    const auth = await openWithoutStorage();
    expect(auth.getSnapshot().status).toBe('signedIn');
    const other = setup.open();
    await setup.world.until(restoreSession(other.auth));
    await setup.world.until(other.auth.signOut());
    await answerAgain();
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
  });

  it('is signed out if the API has not confirmed the sign-out of before', async () => {
    const { auth: former, tab } = await setup.openSignedIn();
    setup.world.online = false;
    await setup.world.until(former.signOut());
    await setup.world.advance(1000);
    tab.kill();
    setup.world.online = true;
    const auth = await openWithoutStorage();
    expect(auth.getSnapshot().status).toBe('signedIn');
    await answerAgain();
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
    await setup.world.until(setup.open().auth.ready());
    await setup.world.advance(1000);
    expect(setup.tokenRequests().at(-1)).toBe('/oauth/sign-out 204');
  });
});
