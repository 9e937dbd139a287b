import { browserPlatform, createSessionSignal, encrypted, memory, type AuthClient } from 'unexpired/core';
import { simulate } from 'unexpired/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSetup, isRefresh, LIFETIME_MS, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

type Config = Parameters<Setup['open']>[0];

/** Opens a tab that keeps its own access token, and starts its client. */
function open(config: Config = {}) {
  const opened = setup.open({ accessToken: 'memory', ...config });
  opened.auth.subscribe(() => undefined);
  return opened;
}

/** Opens tabs, and signs the first of them in. */
async function openAll(count: number, config: Config = {}): Promise<ReturnType<typeof open>[]> {
  const tabs = Array.from({ length: count }, () => open(config));
  await setup.signIn(tabs[0]!.auth);
  await setup.world.advance(100);
  return tabs;
}

/** Counts how many refresh requests are in flight at the same time. */
function countPeak(): () => number {
  const inFlight = new Set<unknown>();
  let peak = 0;
  setup.world.onExchange = (exchange) => {
    if (!isRefresh(exchange)) return;
    if (exchange.phase === 'out' || exchange.phase === 'back') inFlight.add(exchange);
    else inFlight.delete(exchange);
    peak = Math.max(peak, inFlight.size);
  };
  return () => peak;
}

const tokenOf = (auth: AuthClient) => auth.getSnapshot().tokens?.accessToken ?? null;
const get = async (auth: AuthClient) => (await setup.world.until(auth.fetch('/users/me'))).status;
const getAll = (tabs: readonly { readonly auth: AuthClient }[]) => setup.world.until(Promise.all(tabs.map(async ({ auth }) => (await auth.fetch('/users/me')).status)));
const eight = (status: number) => Array.from({ length: 8 }, () => status);

describe('with accessToken "memory"', () => {
  it.each([
    ['memory', 7, 8],
    ['stored', 0, 1],
  ] as const)('eight tabs refresh one after the other, never two at once (%s: %i refreshes after the sign-in, %i after each expiry)', async (accessToken, atSignIn, atExpiry) => {
    const peak = countPeak();
    const tabs = await openAll(8, { accessToken });
    expect(await getAll(tabs)).toEqual(eight(200));
    expect(setup.api.counts.refreshes).toBe(atSignIn);
    for (let round = 1; round <= 3; round++) {
      await setup.world.sleep(LIFETIME_MS * 2);
      expect(await getAll(tabs)).toEqual(eight(200));
      expect(setup.api.counts.refreshes).toBe(atSignIn + atExpiry * round);
    }
    expect(new Set(tabs.map(({ auth }) => tokenOf(auth))).size).toBe(atExpiry);
    expect(peak()).toBeLessThanOrEqual(1);
    expect(setup.api.counts).toMatchObject({ reuses: 0, rejections: 0 });
  });

  it.each([['memory', 8], ['stored', 1]] as const)('eight tabs whose token is rejected at the same time replay each call once (%s: %i refreshes)', async (accessToken, refreshes) => {
    const peak = countPeak();
    const tabs = await openAll(8, { accessToken });
    await getAll(tabs);
    const before = setup.api.counts.refreshes;
    setup.api.revokeAccessTokens();
    expect(await setup.world.until(Promise.all(tabs.flatMap(({ auth }) => [1, 2, 3].map(async () => (await auth.fetch('/users/me')).status))))).toEqual(Array.from({ length: 24 }, () => 200));
    expect(setup.api.counts.refreshes - before).toBe(refreshes);
    expect(peak()).toBeLessThanOrEqual(1);
    expect(setup.api.counts.reuses).toBe(0);
  });

  it('another tab gets its own token, and this tab keeps the one that it has', async () => {
    const [first, second] = await openAll(2) as [ReturnType<typeof open>, ReturnType<typeof open>];
    await getAll([first, second]);
    const token = tokenOf(first.auth);
    await setup.world.until(second.auth.refresh());
    await setup.world.advance(1000);
    expect(tokenOf(first.auth)).toBe(token);
    expect(tokenOf(second.auth)).not.toBe(token);
    expect(first.auth.getSnapshot().tokens?.refreshToken).toBe(second.auth.getSnapshot().tokens?.refreshToken);
    const { refreshes } = setup.api.counts;
    expect(await get(first.auth)).toBe(200);
    expect(setup.api.counts.refreshes).toBe(refreshes);
  });

  it('a token that another tab has outlived is refreshed at its own time', async () => {
    const [first, second] = await openAll(2) as [ReturnType<typeof open>, ReturnType<typeof open>];
    await getAll([first, second]);
    await setup.world.advance(LIFETIME_MS / 2);
    await setup.world.until(second.auth.refresh());
    const { expiresAt } = first.auth.getSnapshot().tokens!;
    await setup.world.advance(expiresAt! - setup.world.now() + 1);
    expect(first.auth.getSnapshot().tokens!.expiresAt).toBeGreaterThan(expiresAt!);
    expect(setup.api.counts).toMatchObject({ reuses: 0, rejections: 0 });
  });

  it('a page that is loaded again is signed in without tokens, and takes a new access token', async () => {
    const [{ tab, auth }] = await openAll(1) as [ReturnType<typeof open>];
    const { sessionId } = auth.getSnapshot();
    tab.kill();
    const reloaded = open();
    expect(await setup.world.until(reloaded.auth.ready())).toMatchObject({ status: 'signedIn', sessionId, tokens: null, receipt: null });
    expect(await get(reloaded.auth)).toBe(200);
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0, rejections: 0 });
    expect(reloaded.auth.getSnapshot()).toMatchObject({ sessionId, tokens: { scopes: ['users', 'posts', 'camps'] } });
  });

  it('a page that is loaded while the device is offline stays signed in, and its calls work once it is online', async () => {
    await openAll(1);
    setup.world.online = false;
    const { tab, auth } = open();
    await setup.world.advance(1000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', tokens: null, refresh: { state: 'waiting', error: { code: 'refresh_unavailable', transient: true } } });
    expect(await setup.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'refresh_unavailable', transient: true });
    setup.world.online = true;
    tab.wake('online');
    await setup.world.advance(100);
    expect(await get(auth)).toBe(200);
  });

  it('the tab that is next refreshes after a tab that was killed during its refresh', async () => {
    setup.api.configure({ reuseGraceMs: 60_000 });
    const [killed, other] = await openAll(2) as [ReturnType<typeof open>, ReturnType<typeof open>];
    await getAll([killed, other]);
    void killed.auth.refresh().catch(() => undefined);
    await setup.refreshSent();
    killed.tab.kill();
    await setup.world.until(other.auth.refresh());
    expect(await get(other.auth)).toBe(200);
    expect(setup.api.counts.reuses).toBe(0);
  });

  it('an answer with only a new refresh token is kept for all tabs, and each keeps its access token', async () => {
    const [first, second] = await openAll(2) as [ReturnType<typeof open>, ReturnType<typeof open>];
    await getAll([first, second]);
    const tokens = [tokenOf(first.auth), tokenOf(second.auth)];
    const former = first.auth.getSnapshot().tokens!.refreshToken;
    setup.world.rewrite = (answer) => answer.replace(/"access_token":"[^"]*",/, '');
    await setup.world.until(rejection(first.auth.refresh()));
    await setup.world.advance(100);
    expect([tokenOf(first.auth), tokenOf(second.auth)]).toEqual(tokens);
    expect(second.auth.getSnapshot().tokens!.refreshToken).not.toBe(former);
    setup.world.rewrite = (answer) => answer;
    const third = open();
    expect(await setup.world.until(third.auth.ready())).toMatchObject({ status: 'signedIn', tokens: null });
    await setup.world.advance(LIFETIME_MS);
    expect(await getAll([first, second, third])).toEqual([200, 200, 200]);
    expect(setup.api.counts.reuses).toBe(0);
  });

  it('a session signal and a simulated expiry need no token', async () => {
    await openAll(1);
    const { auth } = open();
    const signal = createSessionSignal(auth)();
    simulate(auth, 'expired');
    expect(await get(auth)).toBe(200);
    expect(signal.aborted).toBe(false);
  });
});

describe('with accessToken "memory", the end of a session', () => {
  it.each([true, false])('by a sign-out reaches all tabs, and a tab without an access token can sign out, too (has a token: %s)', async (hasToken) => {
    const [first, second] = await openAll(2) as [ReturnType<typeof open>, ReturnType<typeof open>];
    if (hasToken) await getAll([second]);
    else setup.faultRefreshes('dropBefore');
    await setup.world.until(second.auth.signOut());
    await setup.world.advance(100);
    for (const { auth } of [first, second, open()]) expect(await setup.world.until(auth.ready())).toMatchObject({ status: 'signedOut', endReason: 'sign_out', tokens: null });
    expect(setup.storedText()).not.toContain('eyJ');
  });

  it('by another user makes each tab take its own token of that user', async () => {
    const tabs = await openAll(3);
    await getAll(tabs);
    await setup.signIn(tabs[1]!.auth, 'cinder');
    await setup.world.advance(100);
    expect(new Set(tabs.map(({ auth }) => auth.getSnapshot().sessionId)).size).toBe(1);
    const names = await setup.world.until(Promise.all(tabs.map(async ({ auth }) => ((await (await auth.fetch('/users/me')).json()) as { data: { id: string } }).data.id)));
    expect(new Set(names).size).toBe(1);
  });

  it('by a refusal reaches all tabs', async () => {
    const tabs = await openAll(2);
    await getAll(tabs);
    setup.api.endSession({}, 451);
    await setup.world.until(rejection(tabs[0]!.auth.refresh()));
    await setup.world.advance(100);
    for (const { auth } of tabs) expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid' });
  });

  it('by a refusal in a tab without an access token leaves the others theirs if endWhen is token_expires', async () => {
    const [first] = await openAll(1, { endWhen: 'token_expires' }) as [ReturnType<typeof open>];
    setup.api.endSession({}, 451);
    const second = open({ endWhen: 'token_expires' });
    await setup.world.advance(1000);
    expect(second.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid' });
    expect(first.auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked' } });
    await setup.world.advance(LIFETIME_MS);
    expect(first.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid' });
  });

  it('that cannot be refreshed comes with its tab: the others are signed out from the start', async () => {
    const first = open();
    const source = setup.open();
    await setup.signIn(source.auth);
    const { refreshToken: _, ...tokens } = source.auth.getSnapshot().tokens!;
    await setup.world.until(first.auth.signIn(tokens));
    const second = open();
    expect(await setup.world.until(second.auth.ready())).toMatchObject({ status: 'signedOut', endReason: null });
    expect(await get(first.auth)).toBe(200);
    await setup.signIn(second.auth, 'cinder');
    await setup.world.advance(100);
    expect(first.auth.getSnapshot().sessionId).toBe(second.auth.getSnapshot().sessionId);
  });
});

describe('with accessToken "memory", storage', () => {
  const readRaw = () => setup.storedText();

  it('never contains an access token', async () => {
    const seen = new Set<string>();
    const stored: string[] = [];
    setup.world.storage.onChange = () => void stored.push(readRaw());
    const tabs = await openAll(4);
    for (let round = 0; round < 3; round++) {
      await getAll(tabs);
      for (const { auth } of tabs) seen.add(tokenOf(auth)!);
      await setup.world.advance(LIFETIME_MS);
    }
    expect(seen.size).toBeGreaterThanOrEqual(12);
    expect(stored.length).toBeGreaterThan(20);
    for (const token of seen) {
      const [, claims = '', signature = ''] = token.split('.');
      expect(stored.some((text) => text.includes(signature) || text.includes(claims))).toBe(false);
    }
    expect(readRaw()).toContain('version\\":2');
  });

  it('never contains one under "encrypted" either', async () => {
    const storage = encrypted(memory(), memory())(browserPlatform());
    const { auth } = setup.open({ accessToken: 'memory', storage });
    // Encryption takes real time, in which the time of the world stands still.
    await auth.signIn({ accessToken: 'an-access-token-of-a-kind', refreshToken: 'a-refresh-token', expiresAt: setup.world.now() + LIFETIME_MS, scopes: [] });
    const text = String(await storage.read(auth.storageKey));
    expect(text).toContain('a-refresh-token');
    expect(text).not.toContain('access-token');
    expect(await setup.open({ storage }).auth.ready()).toMatchObject({ status: 'signedIn', tokens: null });
  });

  it('that was written by "stored" is read, and its access token is removed with the next refresh', async () => {
    const former = setup.open();
    await setup.signIn(former.auth);
    const token = tokenOf(former.auth)!;
    const { auth } = open();
    await setup.world.until(auth.ready());
    expect(tokenOf(auth)).toBe(token);
    former.auth.dispose();
    await setup.world.until(auth.refresh());
    expect(readRaw()).not.toContain(token);
    expect(readRaw()).not.toContain(tokenOf(auth));
  });

  it('that was written by "memory" is read by "stored", which refreshes and shares its token', async () => {
    await openAll(1);
    const [first, second] = [setup.open(), setup.open()];
    expect(await getAll([first, second])).toEqual([200, 200]);
    expect(tokenOf(first.auth)).toBe(tokenOf(second.auth));
    expect(setup.api.counts.refreshes).toBe(1);
  });

  it('that was cleared gets the session back, without the access token', async () => {
    const [{ tab, auth }] = await openAll(1) as [ReturnType<typeof open>];
    const token = tokenOf(auth)!;
    setup.world.storage.clear();
    tab.wake('focus');
    await setup.world.advance(500);
    expect(readRaw()).toContain('refreshToken');
    expect(readRaw()).not.toContain(token);
    expect(tokenOf(auth)).toBe(token);
  });
});

it('a wrong accessToken option is named, and its value is not quoted', () => {
  const wrong = { accessToken: 'eyJ.secret' } as unknown as Config;
  expect(() => setup.open(wrong)).toThrow(expect.objectContaining({ code: 'invalid_config', field: 'accessToken', message: expect.not.stringContaining('secret') as string }));
});
