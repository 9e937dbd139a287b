import { restoreSession, type AuthClient } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCookieSetup, type CookieSetup } from '../support/cookie-setup.ts';
import { rejection } from '../support/setup.ts';

let setup: CookieSetup;
beforeEach(() => {
  setup = createCookieSetup();
});

async function signInByServer(): Promise<void> {
  await setup.jar.fetch('https://api.bonfire.test/v1/oauth/bots', {
    method: 'POST', credentials: 'include', headers: { authorization: 'Bearer app-key', 'x-csrf': '1' },
    body: new URLSearchParams({ grant_type: 'client_credentials', bots: JSON.stringify(['ember']) }),
  });
}

const REFUSED: [string, () => void] = ['refuses the app', () => setup.api.addFault({ kind: 'error', endpoint: 'refresh', code: 401, status: 401 })];
const UNREADABLE: [string, () => void] = ['sends tokens that cannot be read', () => (setup.world.rewrite = (answer) => answer.replace(/_token(?=":")/g, ''))];

function repair(): void {
  setup.api.clearFaults();
  setup.world.rewrite = (answer) => answer;
}

const REPEATS: [string, (auth: AuthClient) => Promise<unknown>][] = [
  ['auth.refresh()', (auth) => auth.refresh()],
  ['restoreSession(auth)', restoreSession],
];

describe.each([REFUSED, UNREADABLE])('a restore of an API that %s', (_, damage) => {
  describe.each(REPEATS)('is repeated by %s', (__, repeat) => {
    it('in the same page, which is then signed in', async () => {
      await signInByServer();
      damage();
      const { auth } = setup.open();
      expect(await setup.world.until(auth.ready())).toMatchObject({ status: 'signedOut', refresh: { state: 'blocked' } });
      repair();
      const seen: string[] = [];
      auth.subscribe(() => seen.push(auth.getSnapshot().status));
      await setup.world.until(repeat(auth));
      expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'idle', error: null } });
      expect(seen).not.toContain('loading');
    });

    it('with one request a call while the cause remains', async () => {
      await signInByServer();
      damage();
      const { auth } = setup.open();
      await setup.world.until(auth.ready());
      const before = setup.tokenRequests().length;
      expect(await setup.world.until(rejection(repeat(auth)))).toMatchObject({ code: 'misconfigured' });
      await setup.world.advance(600_000);
      expect(setup.tokenRequests()).toHaveLength(before + 1);
      expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', refresh: { state: 'blocked', error: { code: 'misconfigured' } } });
    });
  });

  it('is not repeated by a call, a token or a wake-up', async () => {
    await signInByServer();
    damage();
    const { auth, tab } = setup.open();
    await setup.world.until(auth.ready());
    const before = setup.tokenRequests().length;
    await setup.world.until(rejection(auth.fetch('/users/me')));
    await setup.world.until(rejection(auth.getAccessToken()));
    tab.wake('online');
    await setup.world.advance(1000);
    expect(setup.tokenRequests()).toHaveLength(before);
  });
});

describe('a repeated restore that finds no session', () => {
  it.each(REPEATS)('signs the page out for good (%s)', async (_, repeat) => {
    REFUSED[1]();
    const { auth } = setup.open();
    await setup.world.until(auth.ready());
    repair();
    await setup.world.until(repeat(auth).catch(() => undefined));
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: null, refresh: { state: 'idle', error: null } });
  });
});
