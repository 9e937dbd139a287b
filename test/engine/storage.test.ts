import { createAuthClient, indexedDB, sessionStorage } from 'unexpired/core';
import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { beforeEach, describe, expect, it } from 'vitest';
import { BASE_URL, createSetup, LIFETIME_MS, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
const KEY = `unexpired:${BASE_URL}`;
beforeEach(() => {
  setup = createSetup();
});

describe('a stored record', () => {
  // claim: damaged-record-signs-out
  it.each([
    ['text that is not JSON', '{"version":1,'],
    ['an object of other code', { hello: 'world' }],
    ['a session without tokens', '{"version":1,"status":"signedIn","revision":1,"session":{},"failure":null}'],
    ['a negative revision', '{"version":1,"status":"signedOut","storageId":"x","epoch":1,"revision":-1,"endedSessionId":null,"endReason":null}'],
    ['version 0', '{"version":0}'],
  ])('that is damaged (%s) ends the session as storage_corrupt, and the next sign-in works', async (_, raw) => {
    setup.world.storage.values.set(KEY, raw);
    const { auth } = setup.open();
    auth.subscribe(() => undefined);
    await setup.world.advance(10);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'storage_corrupt' });
    expect(setup.world.storage.values.get(KEY)).toBe(raw);
    await setup.signIn(auth);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });

  it('that is damaged while a tab is signed in ends no session, and the next refresh repairs it', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    setup.world.storage.values.set(KEY, 'damaged');
    await setup.world.advance(LIFETIME_MS * 2);
    expect(auth.getSnapshot().status).toBe('signedIn');
    expect(setup.world.storage.values.get(KEY)).toContain('"version":1');
    expect(setup.api.counts.rejections).toBe(0);
  });

  it('that is cleared while a tab is signed in is written back', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    setup.world.storage.values.clear();
    await setup.world.advance(LIFETIME_MS * 2);
    expect(auth.getSnapshot().status).toBe('signedIn');
    expect(setup.world.storage.values.get(KEY)).toContain('signedIn');
  });

  it('that is cleared between the sign-ins of two tabs becomes one session for both', async () => {
    const [frozen, other] = [setup.open(), setup.open()];
    await setup.signIn(frozen.auth);
    await setup.world.advance(100);
    const late = frozen.auth.signIn(createBotTokens(setup.protocol, ['ember']));
    await setup.world.advance(1);
    frozen.tab.process.freeze();
    await setup.signIn(other.auth, 'cinder');
    setup.world.storage.values.clear();
    frozen.tab.process.thaw();
    await setup.world.until(late);
    for (const { tab } of [frozen, other]) tab.wake('focus');
    await setup.world.advance(1000);
    expect(other.auth.getSnapshot().sessionId).toBe(frozen.auth.getSnapshot().sessionId);
    for (const { auth } of [frozen, other]) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });
});

describe('a storage', () => {
  it('that always fails lets the session continue in memory over refreshes, with one warning', async () => {
    const { auth, tab } = setup.open();
    setup.world.storage.fails = new DOMException('no room', 'QuotaExceededError');
    await setup.signIn(auth);
    await setup.world.advance(LIFETIME_MS * 3);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', storage: 'memory' });
    expect(tab.warnings).toEqual(['unexpired: the session is kept in memory, because simulated failed: QuotaExceededError']);
    expect(tab.reports).toEqual([]);
    expect(setup.api.counts).toMatchObject({ reuses: 0, rejections: 0 });
  });

  it('that can be read but not written lets the session continue in memory, with one warning', async () => {
    const tab = setup.world.openTab();
    const full = { ...tab.platform.storage, update: () => Promise.reject(new Error('QuotaExceededError')) };
    const { auth } = setup.open({ platform: { ...tab.platform, storage: full } });
    await setup.signIn(auth);
    for (let refresh = 0; refresh < 3; refresh++) await setup.world.until(auth.refresh());
    tab.wake('focus');
    await setup.world.advance(10);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', storage: 'memory' });
    expect(tab.warnings).toHaveLength(1);
  });

  it('that failed is used again once it works', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    setup.world.storage.fails = new Error('blocked');
    await setup.world.advance(LIFETIME_MS * 2);
    expect(auth.getSnapshot().storage).toBe('memory');
    setup.world.storage.fails = null;
    await setup.world.advance(LIFETIME_MS * 2);
    expect(auth.getSnapshot().storage).toBe('simulated');
    expect(setup.world.storage.values.get(KEY)).toContain(auth.getSnapshot().tokens!.accessToken);
    expect(setup.api.counts.reuses).toBe(0);
  });

  it('that was too slow is used again once it is faster', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    setup.world.storage.slowMs = 8000;
    void auth.refresh().catch(() => undefined);
    await setup.world.advance(6000);
    expect(auth.getSnapshot().storage).toBe('memory');
    setup.world.storage.slowMs = 400;
    await setup.world.advance(30_000);
    expect(auth.getSnapshot().storage).toBe('simulated');
    expect(String(setup.world.storage.values.get(KEY))).toContain(auth.getSnapshot().tokens?.refreshToken);
  });

  it('that answers too late makes a sign-out reject with storage_unavailable, because tokens are still stored', async () => {
    await setup.signIn(setup.open().auth);
    setup.world.storage.slowMs = 8000;
    const { auth } = setup.open();
    auth.subscribe(() => undefined);
    await setup.world.advance(7650);
    expect(await setup.world.until(rejection(auth.signOut()))).toMatchObject({ code: 'storage_unavailable' });
    setup.world.storage.slowMs = 0;
    await setup.world.advance(20_000);
    expect(setup.storedText()).not.toContain('eyJ');
  });

  it('that never answers does not stop calls, and causes one warning', async () => {
    const tab = setup.world.openTab();
    const never = new Promise<never>(() => undefined);
    const { auth } = setup.open({ platform: tab.platform, storage: { name: 'stuck', read: () => never, update: () => never } });
    await setup.signIn(auth);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(tab.warnings).toHaveLength(1);
  });

  it('that answers too late keeps what other tabs have stored since', async () => {
    const late: ((current: unknown) => unknown)[] = [];
    const update = (_: string, change: (current: unknown) => unknown) => {
      late.push(change);
      return new Promise<never>(() => undefined);
    };
    const { auth } = setup.open({ storage: { name: 'late', read: () => Promise.resolve(undefined), update } });
    await setup.signIn(auth);
    expect(late).toHaveLength(1);
    expect(late[0]!('what the others have stored since')).toBe('what the others have stored since');
  });

  // claim: failed-sign-out-is-reported
  it('that fails makes a sign-out reject with storage_unavailable, because tokens may still be stored', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    setup.world.storage.fails = new Error('blocked');
    expect(await setup.world.until(rejection(auth.signOut()))).toMatchObject({ code: 'storage_unavailable' });
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', tokens: null });
  });
});

describe('createAuthClient', () => {
  const protocol = bonfire({ baseUrl: BASE_URL, appKey: 'k' });
  it.each([
    ['protocol', undefined],
    ['protocol', {}],
    ['protocol', { protocol: 'bonfire' }],
    ['protocol', { protocol: { name: 'shop', baseUrl: BASE_URL, refreshRequest() {}, readRefresh() {}, isRejection() {} } }],
    ['leadMs', { protocol, leadMs: -1 }],
    ['leadMs', { protocol, leadMs: NaN }],
    ['leadMs', { protocol, leadMs: '5' }],
    ['storageKey', { protocol, storageKey: '' }],
    ['allowedOrigins', { protocol, allowedOrigins: 'https://files.example.com' }],
    ['allowedOrigins[0]', { protocol, allowedOrigins: ['nonsense'] }],
    ['storage', { protocol, storage: sessionStorage }],
    ['databaseName', { protocol, storage: indexedDB }],
    ['storage', { protocol, storage: 'localStorage' }],
  ])('refuses a wrong `%s` and names it', (field, config) => {
    expect(() => createAuthClient(config as never)).toThrowError(expect.objectContaining({ code: 'invalid_config', field }));
  });

  it.each([
    ['a protocol in place of the config', protocol, 'write `createAuthClient({ protocol })`'],
    ['a protocol of its own that `defineProtocol` did not create', { protocol: { readRefresh() {} } }, 'write `defineProtocol({ … })` around it'],
    ['no protocol', {}, 'it is undefined'],
    ['a storage function that was not called', { protocol, storage: sessionStorage }, 'write `sessionStorage()`'],
    ['the Web Storage of the page', { protocol, storage: { getItem() {}, setItem() {} } }, '`indexedDB()` or `sessionStorage()` of this package'],
    ['the name of a storage', { protocol, storage: 'localStorage' }, 'it is "localStorage"'],
  ])('says what to write if it gets %s', (_, config, words) => {
    expect(() => createAuthClient(config as never)).toThrow(words);
  });

  it('creates a client whose `intercept` refuses anything but a function at once', () => {
    const { auth } = setup.open();
    expect(() => auth.intercept(undefined as never)).toThrowError(expect.objectContaining({ code: 'invalid_config', field: 'interceptor' }));
  });
});
