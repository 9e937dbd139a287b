import { createAuthClient, memory } from 'unexpired/core';
import { bonfire } from 'unexpired/bonfire';
import { beforeEach, describe, expect, it } from 'vitest';
import { BASE_URL, createScene, LIFETIME_MS, rejection, type Scene } from '../support/scene.ts';

let scene: Scene;
const KEY = `unexpired:${BASE_URL}`;
beforeEach(() => {
  scene = createScene();
});

describe('a stored record', () => {
  // claim: damaged-record-signs-out
  it.each([
    ['text that is no JSON', '{"version":1,'],
    ['an object of somebody else', { hello: 'world' }],
    ['a session without tokens', '{"version":1,"status":"signedIn","revision":1,"session":{},"failure":null}'],
    ['a negative revision', '{"version":1,"status":"signedOut","lineage":"x","epoch":1,"revision":-1,"endedSessionId":null,"endReason":null}'],
    ['version 0', '{"version":0}'],
  ])('that is damaged (%s) means signed out with a reason, and the app still runs', async (_, raw) => {
    scene.world.storage.values.set(KEY, raw);
    const { auth } = scene.open();
    auth.subscribe(() => undefined);
    await scene.world.advance(10);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'storage_corrupt' });
    expect(scene.world.storage.values.get(KEY)).toBe(raw);
    await scene.signIn(auth);
    expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });

  it('that was damaged while the tab was signed in ends nothing, and is mended by the next refresh', async () => {
    const { auth } = scene.open();
    await scene.signIn(auth);
    scene.world.storage.values.set(KEY, 'damaged');
    await scene.world.advance(LIFETIME_MS * 2);
    expect(auth.getSnapshot().status).toBe('signedIn');
    expect(scene.world.storage.values.get(KEY)).toContain('"version":1');
    expect(scene.api.counts.rejections).toBe(0);
  });

  it('that a newer version wrote is left untouched, and the session goes on in memory', async () => {
    const raw = '{"version":2,"everything":"different"}';
    scene.world.storage.values.set(KEY, raw);
    const { auth, tab } = scene.open();
    await scene.signIn(auth);
    await scene.world.advance(LIFETIME_MS * 2);
    expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
    await scene.world.until(auth.signOut());
    expect(scene.world.storage.values.get(KEY)).toBe(raw);
    expect(tab.warnings).toHaveLength(1);
  });

  it('that was cleared under a signed-in tab is stored again', async () => {
    const { auth } = scene.open();
    await scene.signIn(auth);
    scene.world.storage.values.clear();
    await scene.world.advance(LIFETIME_MS * 2);
    expect(auth.getSnapshot().status).toBe('signedIn');
    expect(scene.world.storage.values.get(KEY)).toContain('signedIn');
  });

  it('that was cleared between two sign-ins of two tabs is one session for both in the end', async () => {
    const [frozen, other] = [scene.open(), scene.open()];
    await scene.signIn(frozen.auth);
    await scene.world.advance(100);
    const late = frozen.auth.signIn(scene.protocol.createBotTokens(['ember']));
    await scene.world.advance(1);
    frozen.tab.life.freeze();
    await scene.signIn(other.auth, 'cinder');
    scene.world.storage.values.clear();
    frozen.tab.life.thaw();
    await scene.world.until(late);
    for (const { tab } of [frozen, other]) tab.wake('focus');
    await scene.world.advance(1000);
    expect(other.auth.getSnapshot().sessionId).toBe(frozen.auth.getSnapshot().sessionId);
    for (const { auth } of [frozen, other]) expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });
});

describe('storage that is blocked or full', () => {
  it('lets the session go on in memory through refreshes, and says so once', async () => {
    const { auth, tab } = scene.open();
    scene.world.storage.fails = new Error('QuotaExceededError');
    await scene.signIn(auth);
    await scene.world.advance(LIFETIME_MS * 3);
    expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', storage: 'memory' });
    expect(tab.warnings).toEqual([expect.stringContaining('QuotaExceededError')]);
    expect(scene.api.counts).toMatchObject({ reuses: 0, rejections: 0 });
  });

  it('is said once, too, when it can be read but not written', async () => {
    const tab = scene.world.openTab();
    const full = { ...tab.platform.storage, update: () => Promise.reject(new Error('QuotaExceededError')) };
    const { auth } = scene.open({ platform: { ...tab.platform, storage: full } });
    await scene.signIn(auth);
    for (let refresh = 0; refresh < 3; refresh++) await scene.world.until(auth.refresh());
    tab.wake('focus');
    await scene.world.advance(10);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', storage: 'memory' });
    expect(tab.warnings).toHaveLength(1);
  });

  it('is used again when it works again', async () => {
    const { auth } = scene.open();
    await scene.signIn(auth);
    scene.world.storage.fails = new Error('blocked');
    await scene.world.advance(LIFETIME_MS * 2);
    expect(auth.getSnapshot().storage).toBe('memory');
    scene.world.storage.fails = null;
    await scene.world.advance(LIFETIME_MS * 2);
    expect(auth.getSnapshot().storage).toBe('simulated');
    expect(scene.world.storage.values.get(KEY)).toContain(auth.getSnapshot().tokens!.accessToken);
    expect(scene.api.counts.reuses).toBe(0);
  });

  it('that was too slow once is used again when it is merely slow', async () => {
    const { auth } = scene.open();
    await scene.signIn(auth);
    scene.world.storage.slowMs = 8000;
    void auth.refresh();
    await scene.world.advance(6000);
    expect(auth.getSnapshot().storage).toBe('memory');
    scene.world.storage.slowMs = 400;
    await scene.world.advance(30_000);
    expect(auth.getSnapshot().storage).toBe('simulated');
    expect(String(scene.world.storage.values.get(KEY))).toContain(auth.getSnapshot().tokens?.refreshToken);
  });

  it('that never answers is given up after a while', async () => {
    const tab = scene.world.openTab();
    const never = new Promise<never>(() => undefined);
    const { auth } = scene.open({ platform: tab.platform, storage: { name: 'stuck', read: () => never, update: () => never } });
    await scene.signIn(auth);
    expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(tab.warnings).toHaveLength(1);
  });

  it('that answers too late changes nothing any more', async () => {
    const late: ((current: unknown) => unknown)[] = [];
    const update = (_: string, change: (current: unknown) => unknown) => {
      late.push(change);
      return new Promise<never>(() => undefined);
    };
    const { auth } = scene.open({ storage: { name: 'late', read: () => Promise.resolve(undefined), update } });
    await scene.signIn(auth);
    expect(late).toHaveLength(1);
    expect(late[0]!('what the others have stored since')).toBe('what the others have stored since');
  });

  // claim: failed-sign-out-is-reported
  it('makes a sign-out say that tokens may have stayed behind', async () => {
    const { auth } = scene.open();
    await scene.signIn(auth);
    scene.world.storage.fails = new Error('blocked');
    expect(await scene.world.until(rejection(auth.signOut()))).toMatchObject({ code: 'storage_unavailable' });
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', tokens: null });
  });
});

describe('a wrong set-up of the client', () => {
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
    ['storage', { protocol, storage: memory }],
    ['storage', { protocol, storage: 'localStorage' }],
  ])('names %s at creation', (field, config) => {
    expect(() => createAuthClient(config as never)).toThrowError(expect.objectContaining({ code: 'invalid_config', field }));
  });

  it('names an interceptor that is no function at once, and not at every call', () => {
    const { auth } = scene.open();
    expect(() => auth.intercept(undefined as never)).toThrowError(expect.objectContaining({ code: 'invalid_config', field: 'interceptor' }));
  });
});
