import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { indexedDB, limitSession, type AuthClient, type AuthStorage } from 'unexpired/core';
import { dpop } from 'unexpired/dpop';
import { createDpopServer, type DpopServer } from '../../support/dpop-server.ts';
import { rejection } from '../../support/setup.ts';

let server: DpopServer;
beforeEach(() => {
  server = createDpopServer();
});
afterEach(() => vi.restoreAllMocks());

const until = <T>(promise: Promise<T>) => server.world.until(promise);
const jktOf = (auth: AuthClient) => auth.getSnapshot().tokens?.extra?.['dpop_jkt'] as string;
const call = async (auth: AuthClient) => (await until(auth.fetch('/posts'))).status;

async function openTab(): Promise<AuthClient> {
  const { auth } = server.open();
  await until(auth.ready());
  return auth;
}

/** Removes all keys, as a browser does that clears site data. */
const loseKeys = () => server.keys.update('keys', () => undefined);

describe('the key of a session', () => {
  it('is one for all tabs, and is read again after a reload', async () => {
    const { auth } = await server.openSignedIn();
    const others = [await openTab(), await openTab()];
    for (const other of [auth, ...others]) expect(await call(other)).toBe(200);
    expect(new Set(server.requests.map(({ jkt }) => jkt))).toEqual(new Set(await server.kept()));
  });

  // claim: key-not-exportable
  it('cannot be exported', async () => {
    await server.openSignedIn();
    const ring = (await server.keys.read('keys')) as Readonly<Record<string, { readonly privateKey: CryptoKey }>>;
    for (const { privateKey } of Object.values(ring)) {
      expect([privateKey.extractable, privateKey.type]).toEqual([false, 'private']);
      await expect(until(crypto.subtle.exportKey('jwk', privateKey))).rejects.toThrow();
    }
  });

  it('stays the same over refreshes in all tabs', async () => {
    const { auth } = await server.openSignedIn();
    const other = await openTab();
    const jkt = jktOf(auth);
    for (const next of [auth, other, auth, other]) {
      await until(next.refresh());
      expect(await call(next)).toBe(200);
    }
    expect([...new Set(server.requests.map((request) => request.jkt)), ...(await server.kept())]).toEqual([jkt, jkt]);
  });

  // claim: key-removed-with-the-session
  it('is removed at the sign-out, after it has proved the revocation', async () => {
    const { auth } = await server.openSignedIn();
    await openTab();
    const jkt = jktOf(auth);
    await until(auth.signOut());
    await server.world.advance(1000);
    expect(server.requests.at(-1)).toMatchObject({ url: expect.stringContaining('/oauth/revoke'), jkt });
    expect(await server.kept()).toEqual([]);
  });

  it('is removed when the API ends the session', async () => {
    const { auth } = await server.openSignedIn();
    server.endAll();
    await server.world.sleep(61_000);
    await rejection(until(auth.fetch('/posts')));
    await server.world.advance(100);
    expect([auth.getSnapshot().status, await server.kept()]).toEqual(['signedOut', []]);
  });

  it('is removed when the session becomes idle', async () => {
    const { auth } = await server.openSignedIn();
    limitSession(auth, { idle: { timeoutMs: 30_000 } });
    await server.world.advance(31_000);
    await server.world.advance(1000);
    expect([auth.getSnapshot().endReason, await server.kept()]).toEqual(['idle', []]);
  });

  it('is replaced when another user signs in, and all tabs go on with the new one', async () => {
    const { auth } = await server.openSignedIn();
    const other = await openTab();
    expect(await call(other)).toBe(200);
    const former = jktOf(auth);
    await server.signIn(other, 'grace');
    await server.world.advance(1000);
    expect(jktOf(auth)).not.toBe(former);
    expect(await server.kept()).toEqual([jktOf(auth)]);
    expect([await call(auth), await call(other)]).toEqual([200, 200]);
    expect(server.requests.slice(-2).map(({ jkt }) => jkt)).not.toContain(former);
  });

  it('is not removed with the client, or by a tab that is signed out by itself', async () => {
    const { auth } = await server.openSignedIn();
    auth.dispose();
    await server.world.advance(100);
    expect(await server.kept()).toHaveLength(1);
    expect(await call(await openTab())).toBe(200);
  });

  it('is written back by an open tab after site data was cleared', async () => {
    const { auth } = await server.openSignedIn();
    await loseKeys();
    await until(auth.refresh());
    await server.world.advance(100);
    expect(await server.kept()).toEqual([jktOf(auth)]);
    expect(await call(await openTab())).toBe(200);
  });

  it('is kept apart from the keys of other clients', async () => {
    const one = server.open({ storageKey: 'one' });
    const two = server.open({ storageKey: 'two' });
    await server.signIn(one.auth);
    await server.signIn(two.auth, 'grace');
    await until(one.auth.signOut());
    await server.world.advance(1000);
    expect(await server.kept()).toEqual([jktOf(two.auth)]);
  });

  it('of a sign-in that failed is removed hours later, when the next key is made', async () => {
    const { auth } = server.open();
    server.world.faultOf = () => 'dropBefore';
    await rejection(server.signIn(auth));
    expect(await server.kept()).toHaveLength(1);
    server.world.faultOf = () => 'none';
    await server.world.sleep(3 * 3_600_000);
    await server.signIn(auth);
    expect(await server.kept()).toEqual([jktOf(auth)]);
  });
});

describe('a key that is gone', () => {
  async function reopened(): Promise<AuthClient> {
    const { auth } = await server.openSignedIn();
    auth.dispose();
    await loseKeys();
    return openTab();
  }

  it('fails a call with a live token, and says what to do', async () => {
    const auth = await reopened();
    server.requests.length = 0;
    expect(await rejection(until(auth.fetch('/posts')))).toMatchObject({ code: 'key_lost', message: expect.stringContaining('sign in again') });
    expect([server.requests, auth.getSnapshot().status]).toEqual([[], 'signedIn']);
  });

  // claim: lost-key-named
  it('ends the session at the next refresh, which sends nothing', async () => {
    const auth = await reopened();
    server.requests.length = 0;
    await rejection(until(auth.refresh()));
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'key_lost' });
    expect(server.requests.filter(({ body }) => body.includes('refresh_token&'))).toEqual([]);
    await server.signIn(auth, 'grace');
    expect(await call(auth)).toBe(200);
  });

  it('is not taken as gone while storage fails', async () => {
    const { auth } = await server.openSignedIn();
    auth.dispose();
    const read = vi.spyOn(server.keys, 'read').mockRejectedValue(new Error('blocked'));
    const again = await openTab();
    expect(await rejection(until(again.fetch('/posts')))).toMatchObject({ code: 'storage_unavailable', transient: true });
    await rejection(until(again.refresh()));
    expect(again.getSnapshot().status).toBe('signedIn');
    read.mockRestore();
    await server.world.advance(60_000);
    expect(await call(again)).toBe(200);
  });

  it('is not waited for without an end if storage never answers', async () => {
    const { auth } = await server.openSignedIn();
    auth.dispose();
    vi.spyOn(server.keys, 'read').mockReturnValue(new Promise(() => undefined));
    const again = await openTab();
    expect(await rejection(until(again.fetch('/posts')))).toMatchObject({ code: 'storage_unavailable' });
  });
});

describe('without a storage for keys', () => {
  const broken: AuthStorage = { name: 'indexedDB', read: () => Promise.reject(new Error('a!cc3ss')), update: () => Promise.reject(new DOMException('blocked', 'SecurityError')) };

  it('the key is in the memory of the tab, and a warning says what that means', async () => {
    const { auth, tab } = server.open({}, { dpop: dpop({ keys: broken }) });
    await server.signIn(auth);
    expect(await call(auth)).toBe(200);
    await until(auth.refresh());
    expect(await call(auth)).toBe(200);
    expect(tab.warnings).toEqual([expect.stringMatching(/^unexpired: a key for DPoP is kept in the memory of this tab, because indexedDB failed: SecurityError\. After a reload/)]);
  });

  it.each([{ keys: 'keys' }, { keys: null }])('a wrong setting is refused: %o', (options) => {
    expect(() => dpop(options as never)).toThrow(expect.objectContaining({ code: 'invalid_config', field: 'keys' }));
  });

  it('the default is a database of its own', () => {
    expect(() => dpop()).not.toThrow();
    expect(indexedDB('proof-keys').name).toBe('indexedDB');
  });
});
