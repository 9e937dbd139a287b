import { createBotTokens } from 'unexpired/bonfire';
import { restoreSession, type AuthClient } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCookieSetup, type CookieSetup } from '../support/cookie-setup.ts';
import { rejection } from '../support/setup.ts';

let setup: CookieSetup;
beforeEach(() => {
  setup = createCookieSetup();
});

/** Signs in by the server, as a page of its own does. */
async function signInByServer(bot = 'ember'): Promise<void> {
  await setup.jar.fetch('https://api.bonfire.test/v1/oauth/bots', {
    method: 'POST', credentials: 'include', headers: { authorization: 'Bearer app-key', 'x-csrf': '1' },
    body: new URLSearchParams({ grant_type: 'client_credentials', bots: JSON.stringify([bot]) }),
  });
}

/** Returns the statuses that a client shows from now on. */
function statuses(auth: AuthClient): string[] {
  const seen: string[] = [auth.getSnapshot().status];
  auth.subscribe(() => void (auth.getSnapshot().status !== seen.at(-1) && seen.push(auth.getSnapshot().status)));
  return seen;
}

describe('a page whose app the API refuses while it restores a session', () => {
  beforeEach(() => setup.api.addFault({ kind: 'error', endpoint: 'refresh', code: 401, status: 401 }));

  it('is signed out, says why, and its calls fail with that reason', async () => {
    await signInByServer();
    const { auth } = setup.open();
    expect(await setup.world.until(auth.ready())).toMatchObject({ status: 'signedOut', endReason: null, sessionId: null, refresh: { state: 'blocked', error: { code: 'misconfigured' } } });
    expect(await setup.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'misconfigured' });
    await setup.world.advance(600_000);
    expect(setup.tokenRequests()).toEqual(['/oauth 401']);
  });

  it('lets its user sign in', async () => {
    const { auth } = setup.open();
    await setup.world.until(auth.ready());
    setup.api.clearFaults();
    await setup.world.until(auth.signIn(createBotTokens(setup.protocol, ['ember'])));
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'idle', error: null } });
  });

  it('is signed in by the next page, if the API accepts the app then', async () => {
    await signInByServer();
    const { auth, tab } = setup.open();
    await setup.world.until(auth.ready());
    setup.api.clearFaults();
    tab.kill();
    expect(await setup.world.until(setup.open().auth.ready())).toMatchObject({ status: 'signedIn' });
  });
});

describe('a page that shows that no user is signed in', () => {
  it('shows that until the API has answered, if another page asks for a session', async () => {
    const first = setup.open();
    await setup.world.until(first.auth.ready());
    const seen = statuses(first.auth);
    const second = setup.open();
    await setup.world.until(restoreSession(second.auth));
    await setup.world.advance(1000);
    expect(seen).toEqual(['signedOut']);
    await signInByServer();
    await setup.world.until(restoreSession(second.auth));
    await setup.world.advance(1000);
    expect(seen).toEqual(['signedOut', 'signedIn']);
  });

  it('keeps the reason why the last session ended meanwhile', async () => {
    const { auth } = await setup.openSignedIn();
    await setup.world.until(auth.signOut());
    await setup.world.advance(1000);
    setup.faultRefreshes('dropBefore');
    const seen = statuses(auth);
    await setup.world.until(rejection(restoreSession(auth)));
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
    expect(seen).toEqual(['signedOut']);
  });
});
