import { defineGrant, classifyFailure, defineProtocol, type ProtocolDefinition, type RefreshOutcome } from 'unexpired/core';
import { createBotTokens } from 'unexpired/bonfire';
import { describe, expect, it } from 'vitest';
import { createSetup, rejection } from '../support/setup.ts';

const definition: ProtocolDefinition = {
  name: 'shop',
  baseUrl: 'https://shop.example.com/api',
  refreshRequest: () => ({ url: 'https://shop.example.com/api/renew', method: 'POST', headers: {} }),
  readRefresh: (_, previous) => ({ kind: 'granted', tokens: previous }),
  isRejection: ({ status }) => status === 419,
};

describe('a custom protocol', () => {
  it('needs only the members that have no default', () => {
    const protocol = defineProtocol(definition);
    expect(protocol.resourceOrigins).toEqual(['https://shop.example.com']);
    expect([399, 400, 419, 500].map((status) => protocol.mayReject(status, () => null))).toEqual([false, true, true, false]);
    expect(protocol.anonymousAuthorization('GET')).toBeNull();
  });

  it('may set an optional member to undefined', async () => {
    const setup = createSetup();
    const { name, baseUrl, refreshRequest, readRefresh, isRejection } = setup.protocol;
    const unset = { resourceOrigins: undefined, mayReject: undefined, anonymousAuthorization: undefined } as unknown as Partial<ProtocolDefinition>;
    const { auth } = setup.open({ protocol: defineProtocol({ name, baseUrl, refreshRequest, readRefresh, isRejection, ...unset }) });
    expect(await setup.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'signed_out' });
    await setup.signIn(auth);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });

  it('can override the defaults', () => {
    const protocol = defineProtocol({ ...definition, resourceOrigins: ['https://files.example.com'], mayReject: (status) => status === 419 });
    expect([protocol.resourceOrigins, protocol.mayReject(401, () => null)]).toEqual([['https://files.example.com'], false]);
  });

  it('takes origins with a slash at the end, as a browser shows them', async () => {
    const setup = createSetup();
    const tab = setup.world.openTab();
    const sent: string[] = [];
    const { auth } = setup.open({
      protocol: defineProtocol({ ...definition, resourceOrigins: ['https://files.example.com/', 'HTTPS://Media.example.com:443'] }),
      platform: { ...tab.platform, fetch: async (input) => (sent.push(String(input)), new Response('')) },
    });
    await setup.world.until(auth.signIn({ accessToken: 'a', expiresAt: null, scopes: [] }));
    for (const host of ['files', 'media']) await setup.world.until(auth.fetch(`https://${host}.example.com/1`));
    expect(sent).toEqual(['https://files.example.com/1', 'https://media.example.com/1']);
  });

  it('with a path in place of an origin is refused with an error that shows the origin', () => {
    expect(() => defineProtocol({ ...definition, resourceOrigins: ['https://files.example.com/v1'] })).toThrowError(/must be an http\(s\) origin such as "https:\/\/files\.example\.com"/);
  });

  it('lets a client refresh and replay like a built-in protocol', async () => {
    const setup = createSetup();
    const { name, baseUrl, refreshRequest, readRefresh, isRejection } = setup.protocol;
    const { auth } = setup.open({ protocol: defineProtocol({ name, baseUrl, refreshRequest, readRefresh, isRejection }) });
    await setup.signIn(auth);
    setup.api.revokeAccessTokens();
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts.refreshes).toBe(1);
  });

  it.each(['{}', '{"access":""}', '{"access":"a b"}', '{"access":"a"}'])('that reads invalid tokens from an answer does not replace the tokens of the session (%s)', async (body) => {
    const setup = createSetup();
    const readRefresh: ProtocolDefinition['readRefresh'] = (_, previous) => {
      const { access, lifetime } = JSON.parse(body);
      return { kind: 'granted', tokens: { ...previous, accessToken: access, expiresAt: setup.world.now() + lifetime * 1000 } };
    };
    const { auth, tab } = setup.open({ protocol: { ...setup.protocol, readRefresh } });
    await setup.signIn(auth);
    const { tokens } = auth.getSnapshot();
    expect(await setup.world.until(rejection(auth.refresh()))).toMatchObject({ code: 'misconfigured', transient: false });
    expect(auth.getSnapshot().tokens).toEqual(tokens);
    expect(tab.reports).toEqual([expect.objectContaining({ code: 'invalid_response' })]);
    tab.kill();
    expect(await setup.world.until(setup.open().auth.getAccessToken())).toBe(tokens?.accessToken);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a promise', Promise.resolve({ kind: 'final', reason: 'suspended' })],
    ['an unknown kind', { kind: 'denied' }],
    ['an end without a reason', { kind: 'final' }],
    ['a misconfiguration without a detail', { kind: 'misconfigured' }],
    ['a failure without a detail', { kind: 'transient', cause: 'refused', retryAfterMs: null }],
    ['a wait that is not a number', { kind: 'transient', cause: 'refused', retryAfterMs: NaN, detail: 'no' }],
  ])('that returns %s for an answer makes the refresh fail with an error that names `readRefresh`, and the session is kept', async (_, outcome) => {
    const setup = createSetup();
    const { auth, tab } = setup.open({ protocol: defineProtocol({ ...setup.protocol, readRefresh: () => outcome as RefreshOutcome }) });
    await setup.signIn(auth);
    const { tokens } = auth.getSnapshot();
    const error = await setup.world.until(rejection(auth.refresh()));
    expect(error).toMatchObject({ code: 'misconfigured', transient: false, message: expect.stringContaining('`readRefresh`') });
    tab.kill();
    expect(await setup.world.until(setup.open().auth.getAccessToken())).toBe(tokens?.accessToken);
  });

  it.each<[string, () => RefreshOutcome, string]>([
    ['refuses without a reason', () => classifyFailure({ status: 404, retryAfterMs: null }), 'The token endpoint answered HTTP 404. The endpoint is at https://shop.example.com.'],
    ['throws', () => JSON.parse('<!doctype html>'), 'The token answer could not be read: the protocol threw SyntaxError. The endpoint is at https://shop.example.com.'],
  ])('that %s causes an error with the origin of the refresh, because the rest of its address may be secret', async (_, readRefresh, words) => {
    const setup = createSetup();
    const refreshRequest: ProtocolDefinition['refreshRequest'] = (token) => ({ url: `https://shop.example.com/${token}/renew?token=${token}`, method: 'POST', headers: {} });
    const { platform } = setup.world.openTab();
    const { auth } = setup.open({ protocol: defineProtocol({ ...definition, refreshRequest, readRefresh }), platform: { ...platform, fetch: async () => new Response('') } });
    await setup.world.until(auth.signIn({ accessToken: 'a', refreshToken: 'the-secret', expiresAt: null, scopes: [] }));
    expect(await setup.world.until(rejection(auth.refresh()))).toMatchObject({ message: `The access token could not be refreshed: ${words}` });
  });

  it('that sets `wrongEndpoint` to false keeps the session over a reload', async () => {
    const setup = createSetup();
    const outcome = { kind: 'transient', cause: 'refused', retryAfterMs: null, detail: 'no', wrongEndpoint: false } as unknown as RefreshOutcome;
    const { auth, tab } = setup.open({ protocol: defineProtocol({ ...setup.protocol, readRefresh: () => outcome }) });
    await setup.world.until(auth.signIn({ accessToken: 'stored', refreshToken: 'r', expiresAt: null, scopes: [] }));
    expect(await setup.world.until(rejection(auth.refresh()))).toMatchObject({ code: 'refresh_unavailable', transient: true });
    tab.kill();
    expect(await setup.world.until(setup.open().auth.getAccessToken())).toBe('stored');
  });

  it('has the same storage key with or without slashes at the end of its base URL', () => {
    const keyOf = (baseUrl: string) => createSetup().open({ protocol: defineProtocol({ ...definition, baseUrl }) }).auth.storageKey;
    expect(keyOf('https://shop.example.com/api//')).toBe(keyOf('https://shop.example.com/api'));
  });

  it('receives only the beginning of a long answer, and the caller receives the whole answer', async () => {
    const setup = createSetup();
    const tab = setup.world.openTab();
    const seen: string[] = [];
    const answers = ['the token is no longer good', 'good'];
    const long = (beginning: string) =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (const part of [beginning, ...Array<string>(100).fill('x'.repeat(10_000))]) controller.enqueue(new TextEncoder().encode(part));
          controller.close();
        },
      });
    const { auth } = setup.open({
      protocol: { ...setup.protocol, isRejection: ({ body }) => seen.push(body) > 0 && body.startsWith('the token') },
      platform: { ...tab.platform, fetch: async (input, init) => (String(input).endsWith('/users/me') ? new Response(long(answers.shift() ?? ''), { status: 401 }) : tab.platform.fetch(input, init)) },
    });
    await setup.signIn(auth);
    const response = await setup.world.until(auth.fetch('/users/me'));
    expect(await response.text()).toHaveLength('good'.length + 1_000_000);
    expect(answers).toEqual([]);
    expect(Math.max(...seen.map(({ length }) => length))).toBeLessThan(500_000);
  });

  it.each<[string, string, Partial<ProtocolDefinition>, boolean]>([
    ['`isRejection` for the page of a proxy', '<html>502 of a proxy</html>', { isRejection: (answer) => JSON.parse(answer.body).error.code === 450 }, false],
    ['`isRejection` for an empty body', '', { isRejection: (answer) => JSON.parse(answer.body).error.code === 450 }, false],
    ['`isRejection` by a mistake of its own', '{"message":"not found"}', { isRejection: (answer) => JSON.parse(answer.body).error.code === 450 }, true],
    ['`mayReject`', '{}', { mayReject: () => { throw new TypeError('a bug of the app'); } }, true],
  ])('that throws in %s leaves the answer to the caller, and a mistake is reported', async (_, body, member, isReported) => {
    const setup = createSetup();
    const tab = setup.world.openTab();
    const { auth } = setup.open({
      protocol: { ...setup.protocol, ...member },
      platform: { ...tab.platform, fetch: async (input, init) => (String(input).endsWith('/users/me') ? new Response(body, { status: 404 }) : tab.platform.fetch(input, init)) },
    });
    await setup.signIn(auth);
    const response = await setup.world.until(auth.fetch('/users/me'));
    expect([response.status, await response.text()]).toEqual([404, body]);
    expect(tab.reports).toEqual(isReported ? [expect.any(TypeError)] : []);
  });

  it('whose `refreshRequest` throws keeps the session, sends nothing, and its error is reported', async () => {
    const setup = createSetup();
    const bug = new Error('a bug of the app with eyJhbGciOiJub25l');
    const { auth, tab } = setup.open({ protocol: defineProtocol({ ...setup.protocol, refreshRequest: () => { throw bug; } }) });
    await setup.signIn(auth);
    const error = await setup.world.until(rejection(auth.refresh()));
    expect(error).toMatchObject({ code: 'refresh_unavailable', message: 'The access token could not be refreshed: The refresh broke off (Error).' });
    expect(tab.reports).toContain(bug);
    expect(setup.answers('refresh')).toEqual([]);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it('whose grant cannot read an answer of the API rejects the sign-in, and its error is reported', async () => {
    const setup = createSetup();
    const bug = new Error('a bug of the app with eyJhbGciOiJub25l');
    const { auth, tab } = setup.open();
    const grant = defineGrant({ ...createBotTokens(setup.protocol, ['ember']), read: () => { throw bug; } });
    const error = await setup.world.until(rejection(auth.signIn(grant)));
    expect(error).toMatchObject({ code: 'invalid_response', message: expect.stringContaining('the protocol threw Error') });
    expect(String(error)).not.toContain('eyJ');
    expect(tab.reports).toEqual([bug]);
  });

  it.each([
    ['name', { name: '' }],
    ['baseUrl', { baseUrl: 'api' }],
    ['baseUrl', { baseUrl: '//shop.example.com/api' }],
    ['baseUrl', { baseUrl: '/api?v=1' }],
    ['baseUrl', { baseUrl: 'ftp://shop.example.com' }],
    ['baseUrl', { baseUrl: 'https://shop.example.com/api?v=1' }],
    ['baseUrl', { baseUrl: 'https://user:secret@shop.example.com/api' }],
    ['refreshRequest', { refreshRequest: 'POST' }],
    ['readRefresh', { readRefresh: undefined }],
    ['isRejection', { isRejection: 401 }],
    ['tokenHeader', { tokenHeader: null }],
    ['tokenHeader', { tokenHeader: { name: 'X-Token' } }],
    ['tokenHeader', { tokenHeader: { name: 'X Token', value: String } }],
    ['tokenHeader', { tokenHeader: { name: 'X-Token', value: (token: string) => `Token\n${token}` } }],
    ['tokenHeader', { tokenHeader: { name: 'X-Token', value: (token: string) => `“${token}”` } }],
    ['resourceOrigins', { resourceOrigins: 'https://files.example.com' }],
    ['resourceOrigins[0]', { resourceOrigins: ['files.example.com'] }],
    ['resourceOrigins[1]', { resourceOrigins: ['https://files.example.com', 'https://files.example.com/v1'] }],
  ])('with a wrong `%s` is refused with an error that names it', (field, wrong) => {
    expect(() => defineProtocol({ ...definition, ...wrong } as ProtocolDefinition)).toThrowError(expect.objectContaining({ code: 'invalid_config', field }));
  });
});
