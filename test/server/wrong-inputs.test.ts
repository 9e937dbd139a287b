import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

const URL_OF = 'https://app.example.com';

function started() {
  const setup = createInstances();
  return { ...setup, sessions: setup.start({ signIn: () => setup.server.grant('ann') }) };
}

/** What JavaScript passes, and the types refuse. */
const REQUESTS = [
  ['null', null],
  ['undefined', undefined],
  ['a text', `${URL_OF}/`],
  ['without headers', { url: `${URL_OF}/auth/session`, method: 'GET' }],
  ['with an object of headers, as in Express', { url: '/auth/session', method: 'GET', headers: { cookie: 'a=1' } }],
] as const;

describe('a request that is', () => {
  it.each(REQUESTS)('%s is refused by each function with the field that is wrong', async (_, request) => {
    const { world, server, sessions } = started();
    const wrong = request as never;
    const refused = { code: 'invalid_config', field: 'request', message: expect.stringContaining('web-standard') };
    await expect(world.until(sessions.of(wrong))).rejects.toMatchObject(refused);
    await expect(world.until(sessions.handler(wrong))).rejects.toMatchObject(refused);
    if (request === undefined) return; // A sign-in may be without one.
    await expect(world.until(sessions.signIn(server.grant('ann'), wrong))).rejects.toMatchObject(refused);
    expect(await world.until(sessions.list('ann'))).toEqual([]);
  });

  it('a request with a relative address is refused by the handler', async () => {
    const { world, sessions } = started();
    const wrong = { url: '/auth/session', method: 'GET', headers: new Headers() } as unknown as Request;
    await expect(world.until(sessions.handler(wrong))).rejects.toMatchObject({ code: 'invalid_config', field: 'request' });
  });
});

describe('a subject that is', () => {
  it.each([null, undefined, '', 7])('%j ends and lists no session', async (subject) => {
    const setup = createInstances();
    const { world, server, start } = setup;
    const sessions = start();
    const { subjectOf: _, ...withoutSubject } = setup.protocol;
    const { setCookie } = await world.until(start({ protocol: withoutSubject }).signIn(server.grant('ann')));
    const wrong = subject as unknown as string;
    await expect(world.until(sessions.endAll(wrong))).rejects.toMatchObject({ code: 'invalid_config', field: 'subject' });
    await expect(world.until(sessions.list(wrong))).rejects.toMatchObject({ code: 'invalid_config', field: 'subject' });
    expect((await world.until(sessions.of(requestWith(setCookie)))).snapshot().status).toBe('signedIn');
  });
});

describe('a setting that is', () => {
  it.each([
    ['an idle time in text, such as that of an environment variable', { idleMs: '604800000' }, 'idleMs'],
    ['an endless idle time', { idleMs: Infinity, absoluteMs: Infinity }, 'idleMs'],
    ['an absolute time in text', { absoluteMs: '2592000000' }, 'absoluteMs'],
    ['a stale time in text', { staleMs: '5000' }, 'staleMs'],
    ['the address of a store', { store: 'redis://localhost:6379' }, 'store'],
    ['an incomplete store', { store: { replace: () => null } }, 'store'],
    ['secrets of an environment without them', { secrets: undefined }, 'secrets'],
    ['one secret of an environment without it', { secrets: [undefined] }, 'secrets'],
    ['a cookie that is a name', { cookie: '__Host-id' }, 'cookie'],
    ['a platform without WebCrypto', { platform: {}, store: undefined }, 'platform'],
  ])('%s is refused with its name', (_, config, field) => {
    const { start } = createInstances();
    let error: unknown;
    try {
      start(config as never);
    } catch (reason) {
      error = reason;
    }
    expect(error).toMatchObject({ code: 'invalid_config', field });
  });
});
