import { createBotTokens } from 'unexpired/bonfire';
import { describe, expect, it } from 'vitest';
import { createCookieSetup } from '../support/cookie-setup.ts';
import { LIFETIME_MS } from '../support/setup.ts';

/** Opens tabs that keep their own access tokens, and signs the first of them in. The cookie has the refresh token. */
async function openEight() {
  const setup = createCookieSetup();
  const stored: string[] = [];
  setup.world.storage.onChange = () => void stored.push(setup.storedText());
  const open = () => {
    const opened = setup.open({ accessToken: 'memory' });
    opened.auth.subscribe(() => undefined);
    return opened;
  };
  const tabs = Array.from({ length: 8 }, open);
  await setup.world.advance(1000);
  await setup.world.until(tabs[0]!.auth.signIn(createBotTokens(setup.protocol, ['ember'])));
  await setup.world.advance(100);
  const callAll = () => setup.world.until(Promise.all(tabs.map(async ({ auth }) => (await auth.fetch('/users/me')).status)));
  return { setup, tabs, open, stored, callAll };
}

const EIGHT = Array.from({ length: 8 }, () => 200);

describe('with the refresh token in a cookie and accessToken "memory"', () => {
  it('storage has no token at all, and eight tabs refresh one after the other', async () => {
    const { setup, tabs, stored, callAll } = await openEight();
    expect(await callAll()).toEqual(EIGHT);
    for (let round = 0; round < 2; round++) {
      await setup.world.sleep(LIFETIME_MS * 2);
      expect(await callAll()).toEqual(EIGHT);
    }
    expect(stored.length).toBeGreaterThan(20);
    expect(stored.join()).not.toContain('eyJ');
    expect(new Set(tabs.map(({ auth }) => auth.getSnapshot().tokens?.accessToken)).size).toBe(8);
    expect(setup.api.counts).toMatchObject({ refreshes: 7 + 8 + 8, reuses: 0 });
    expect(setup.mostInFlight()).toBe(1);
  });

  it('a page that is loaded again is signed in without tokens, and takes a new access token', async () => {
    const { setup, tabs, open } = await openEight();
    for (const { tab } of tabs) tab.kill();
    const { auth } = open();
    expect(await setup.world.until(auth.ready())).toMatchObject({ status: 'signedIn', tokens: null });
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });

  it('a sign-out in a tab without an access token signs out all tabs and removes the cookie', async () => {
    const { setup, tabs, open } = await openEight();
    const { auth } = open();
    await setup.world.until(auth.ready());
    await setup.world.until(auth.signOut());
    await setup.world.advance(5000);
    for (const opened of [...tabs, open()]) expect(await setup.world.until(opened.auth.ready())).toMatchObject({ status: 'signedOut', endReason: 'sign_out', tokens: null });
    expect(setup.mostInFlight()).toBe(1);
  });

  it('a restored session has an own access token in each tab, one after the other', async () => {
    const { setup, tabs, open } = await openEight();
    for (const { tab } of tabs) tab.kill();
    setup.world.storage.clear();
    await setup.world.advance(60_000);
    const restored = [open(), open(), open()];
    const before = setup.api.counts.refreshes;
    for (const { auth } of restored) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(new Set(restored.map(({ auth }) => auth.getSnapshot().sessionId)).size).toBe(1);
    expect(setup.api.counts.refreshes - before).toBe(3);
    expect(setup.mostInFlight()).toBe(1);
    expect(setup.storedText()).not.toContain('eyJ');
  });
});
