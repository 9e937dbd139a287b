import { describe, expect, it } from 'vitest';
import { createInstances, requestWith, SECRET } from './support/instances.ts';

const OTHER = 'the second secret of this app 0002';

async function signedIn(secrets: readonly string[]) {
  const setup = createInstances();
  const sessions = setup.start({ secrets });
  const { setCookie } = await setup.world.until(sessions.signIn(setup.server.grant('ann')));
  const [entry] = await setup.world.until(sessions.list('ann'));
  return { ...setup, sessions, request: requestWith(setCookie), key: entry!.key };
}

describe('the rows in the store', () => {
  // claim: server-rows-are-encrypted
  it('contain no token and no session id, and differ each time', async () => {
    const { store, key, request } = await signedIn([SECRET]);
    const { text } = (await store.read(key, 1000))!;
    const id = request.headers.get('cookie')!.split('=')[1]!;
    for (const secret of ['ann', 'access', 'refresh', 'signedIn', id, SECRET]) expect(`${key} ${text}`).not.toContain(secret);
    const again = await signedIn([SECRET]);
    expect((await again.store.read(again.key, 1000))!.text).not.toBe(text);
  });

  // claim: server-secrets-rotate
  it('are read by an instance that has the former secret as its second one, so a new secret signs no user out', async () => {
    const { world, server, start, request, store, key } = await signedIn([SECRET]);
    const next = start({ secrets: [OTHER, SECRET] });
    expect((await world.until(next.of(request))).snapshot().status).toBe('signedIn');
    await world.advance(11 * 60_000);
    expect((await world.until((await world.until(next.of(request))).fetch('/posts'))).status).toBe(200);
    expect(server.sent).toHaveLength(1);
    const last = start({ secrets: [OTHER] });
    expect((await world.until(last.of(request))).snapshot().status).toBe('signedIn');
    expect((await store.read(key, 1000))!.text).toMatch(/^1\.[\w-]{8}\./);
  });

  // claim: server-secret-missing
  it('are left as they are by an instance without their secret, which answers storage_unavailable', async () => {
    const { world, start, request, sessions, store, key } = await signedIn([SECRET]);
    const before = await store.read(key, 1000);
    await expect(world.until(start({ secrets: [OTHER] }).of(request))).rejects.toMatchObject({ code: 'storage_unavailable', message: expect.stringContaining('`secrets`') });
    expect((await store.read(key, 1000))!.text).toBe(before!.text);
    expect((await world.until(sessions.of(request))).snapshot().status).toBe('signedIn');
  });

  // claim: server-newer-record
  it('are left as they are by an instance of an older version, which answers storage_unavailable', async () => {
    const { world, start, request, store, key } = await signedIn([SECRET]);
    const row = (await store.read(key, 1000))!;
    const newer = row.text.replace(/^1\./, '2.');
    await store.replace(key, row.etag, { text: newer, etag: 'newer', lease: null, isEnded: false });
    await expect(world.until(start().of(request))).rejects.toMatchObject({ code: 'storage_unavailable', message: expect.stringContaining('newer version') });
    expect((await store.read(key, 1000))!.text).toBe(newer);
  });

  it.each([
    ['was changed', (text: string) => `${text.slice(0, -4)}AAAA`],
    ['is no row of this package', () => 'hello'],
    ['is empty', () => ''],
  ])('whose text %s sign their user out, without an error', async (_, damage) => {
    const { world, start, request, store, key } = await signedIn([SECRET]);
    const row = (await store.read(key, 1000))!;
    await store.replace(key, row.etag, { text: damage(row.text), etag: 'damaged', lease: null, isEnded: false });
    expect((await world.until(start().of(request))).snapshot()).toMatchObject({ status: 'signedOut', endReason: 'storage_corrupt' });
  });

  // claim: server-rows-cannot-be-exchanged
  it('of two users cannot be exchanged', async () => {
    const { world, server, start, sessions, request, store, key } = await signedIn([SECRET]);
    await world.until(sessions.signIn(server.grant('bob')));
    const [bob] = await world.until(sessions.list('bob'));
    const [mine, theirs] = [(await store.read(key, 1000))!, (await store.read(bob!.key, 1000))!];
    await store.replace(key, mine.etag, { text: theirs.text, etag: 'exchanged', lease: null, isEnded: false });
    expect((await world.until(start().of(request))).snapshot()).toMatchObject({ status: 'signedOut', subject: null });
  });
});

describe('createSessions', () => {
  it.each([
    ['no secrets', { secrets: [] }, 'secrets', /there is none/],
    ['a secret that is too short', { secrets: ['short'] }, 'secrets', /number 1 has 5 characters/],
    ['a secret that is no text', { secrets: [SECRET, undefined as unknown as string] }, 'secrets', /number 2 is no text/],
    ['a secret of one repeated character', { secrets: ['a'.repeat(40)] }, 'secrets', /repeats a few characters/],
    ['the same secret twice', { secrets: [SECRET, SECRET] }, 'secrets', /number 2 is there twice/],
    ['a text instead of a list of secrets', { secrets: SECRET as unknown as string[] }, 'secrets', /it is no list/],
    ['a client of a store instead of a store', { store: { get: () => null } as never }, 'store', /redis\(client\)/],
    ['an idle time that is no duration', { idleMs: Number.NaN }, 'idleMs', /at least 1,000 ms/],
    ['an idle time that is longer than the absolute one', { idleMs: 10_000, absoluteMs: 5000 }, 'idleMs', /not be longer/],
    ['a negative staleMs', { staleMs: -1 }, 'staleMs', /0 or more/],
    ['SameSite=None', { cookie: { sameSite: 'None' as never } }, 'cookie', /other sites/],
    ['a cookie name with a semicolon', { cookie: { name: 'a;b' } }, 'cookie', /letters/],
    ['the __Host- prefix without secure', { cookie: { name: '__Host-id', secure: false } }, 'cookie', /prefix/],
    ['a base path with a slash at the end', { basePath: '/auth/' }, 'basePath', /without a slash/],
    ['tokens for another place than the page', { tokens: 'server' as never }, 'tokens', /"page"/],
    ['a verifier of logout tokens that is no function', { backChannelLogout: 'https://id.example.com/jwks' as never }, 'backChannelLogout', /logout token/],
    ['a sign-in that is no function', { signIn: {} as never }, 'signIn', /function/],
  ])('refuses %s and names the field, and no secret', (_, config, field, problem) => {
    const { start } = createInstances();
    let error: unknown;
    try {
      start(config);
    } catch (reason) {
      error = reason;
    }
    expect(error).toMatchObject({ code: 'invalid_config', field, message: expect.stringMatching(problem) });
    expect(String(error)).not.toContain(SECRET);
  });

  it('refuses a secret that is a name others see', () => {
    const { start } = createInstances();
    const name = 'the-public-id-of-this-app-000001';
    expect(() => start({ secrets: [name], cookie: { name } })).toThrow(/also a name that others see/);
  });
});
