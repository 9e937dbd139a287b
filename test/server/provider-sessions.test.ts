import type { SessionsConfig, SessionStore } from 'unexpired/server';
import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

const idToken = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

/** Two instances, on which a user has signed in by several sessions of the provider; `null` stands for tokens that name none. */
async function signedIn(sids: Readonly<Record<string, object | null>>, config: Partial<SessionsConfig> = {}) {
  const setup = createInstances();
  const { world, server } = setup;
  const [one, other] = [setup.start(config), setup.start(config)];
  const cookies = new Map<string, string>();
  for (const [name, extra] of Object.entries(sids)) {
    const { setCookie } = await world.until(one.signIn({ ...server.grant(name.split(' ')[0] ?? ''), ...(extra && { extra: extra as Record<string, unknown> }) }));
    cookies.set(name, setCookie);
  }
  const open = async () => {
    const all = await Promise.all([...cookies].map(async ([name, cookie]) => [name, (await world.until(other.of(requestWith(cookie)))).snapshot().status] as const));
    return all.filter(([, status]) => status === 'signedIn').map(([name]) => name);
  };
  const logout = async (names: object) => {
    const handler = setup.start({ ...config, backChannelLogout: () => names }).handler;
    return (await world.until(handler(new Request('https://app.example.com/auth/back-channel-logout', { method: 'POST' })))).status;
  };
  return { ...setup, one, other, open, logout, cookies };
}

const ANN = { 'ann 1': { sid: 'one' }, 'ann 2': { id_token: idToken({ sid: 'two', sub: 'ann' }) }, 'bob 1': { sid: 'three' } };

describe('the end of a session of the provider', () => {
  // claim: server-back-channel-logout-by-sid
  it.each([
    ['only `sid`, as a member of the tokens', { sid: 'one' }, ['ann 2', 'bob 1']],
    ['only `sid`, as a claim of the kept ID token', { sid: 'two' }, ['ann 1', 'bob 1']],
    ['`sid` and the user', { sid: 'one', subject: 'ann' }, ['ann 2', 'bob 1']],
    ['only the user', { subject: 'ann' }, ['bob 1']],
    ['a `sid` without a session', { sid: 'four' }, ['ann 1', 'ann 2', 'bob 1']],
    ['the name of a user as `sid`', { sid: 'ann' }, ['ann 1', 'ann 2', 'bob 1']],
  ])('ends the sessions that the token names by %s', async (_, names, left) => {
    const { logout, open } = await signedIn(ANN);
    expect(await logout(names)).toBe(200);
    expect(await open()).toEqual(left);
  });

  it('ends each session of a `sid`, and also those of its user whose tokens name no session', async () => {
    const { logout, open } = await signedIn({ 'ann 1': { sid: 'one' }, 'ann 2': { sid: 'one' }, 'ann 3': null, 'ann 4': { sid: 'two' }, 'bob 1': null });
    expect(await logout({ sid: 'one', subject: 'ann' })).toBe(200);
    expect(await open()).toEqual(['ann 4', 'bob 1']);
  });

  it('is refused if the token names neither', async () => {
    const { logout, open } = await signedIn(ANN);
    for (const names of [{}, { sid: '' }, { sid: 1 }, { subject: '' }, { sid: '', subject: '' }]) expect(await logout(names)).toBe(400);
    expect(await open()).toEqual(['ann 1', 'ann 2', 'bob 1']);
  });

  it('is found after refreshes whose answers do not name the session', async () => {
    const { logout, open, world, other, cookies, server } = await signedIn(ANN);
    await world.advance(server.lifetimeMs * 2);
    const session = await world.until(other.of(requestWith(cookies.get('ann 1') ?? '')));
    await world.until(session.fetch('/me'));
    expect(await logout({ sid: 'one' })).toBe(200);
    expect(await open()).toEqual(['ann 2', 'bob 1']);
  });

  it('can be asked for by `endAll`, which counts the sessions', async () => {
    const { one, world, open } = await signedIn(ANN);
    expect(await world.until(one.endAll({ sid: 'one' }))).toBe(1);
    expect(await world.until(one.endAll({ sid: 'one' }))).toBe(0);
    await expect(world.until(one.endAll({ sid: '' }))).rejects.toMatchObject({ code: 'invalid_config', field: 'sid' });
    expect(await open()).toEqual(['ann 2', 'bob 1']);
  });

  it('leaves nothing in the store, and is not in the list of a user', async () => {
    const { one, world, store, logout } = await signedIn(ANN);
    expect(await world.until(one.list('ann'))).toHaveLength(2);
    await logout({ subject: 'ann' });
    expect(await world.until(one.list('ann'))).toEqual([]);
    for (const sid of ['one', 'two']) expect(await store.list(`sid:${sid}`)).toEqual([]);
    expect(await store.list('sid:three')).toHaveLength(1);
  });
});

describe('a store that fails', () => {
  it('at the entry of the provider’s session lets no user sign in, so that no logout misses a session', async () => {
    const { store, start, world, server } = createInstances();
    const failing: SessionStore = { ...store, insert: async (key, row) => (row.subject?.startsWith('sid:') ? Promise.reject(new Error('full')) : store.insert(key, row)) };
    const sessions = start({ store: failing });
    await expect(world.until(sessions.signIn({ ...server.grant('ann'), extra: { sid: 'one' } }))).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(await world.until(sessions.list('ann'))).toEqual([]);
  });

  it('at the list lets a logout fail with 400', async () => {
    const { store } = createInstances();
    const { logout } = await signedIn({}, { store: { ...store, list: () => Promise.reject(new Error('down')) } });
    expect(await logout({ sid: 'one' })).toBe(400);
  });

  it('at the removal of the entry does not keep a user signed in', async () => {
    const own = createInstances();
    const failing: SessionStore = { ...own.store, remove: async (key, etag) => (key.endsWith('.sid') ? Promise.reject(new Error('down')) : own.store.remove(key, etag)) };
    const { logout, open } = await signedIn(ANN, { store: failing });
    expect(await logout({ sid: 'one' })).toBe(200);
    expect(await open()).toEqual(['ann 2', 'bob 1']);
  });
});
