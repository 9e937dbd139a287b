import { defineProtocol, observe, type TokenSet } from 'unexpired/core';
import { fromTokenResponse, oauth2 } from 'unexpired/oauth2';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { BASE_URL, createSetup, rejection } from '../support/setup.ts';
import { createTokenServer } from '../support/token-server.ts';

interface Extra {
  readonly id_token: string;
  readonly user: { readonly name: string };
}
const settings = { tokenEndpoint: 'https://api.example.com/oauth/token', clientId: 'app', resourceOrigins: ['https://api.example.com'] };
const protocol = oauth2<Extra>({ ...settings, keep: ['id_token', 'user'] });
const signedInWith = { access_token: 'a0', refresh_token: 'r0', expires_in: 3600, id_token: 'secret-id-0', user: { name: 'Ada' }, session_state: 'other' };

async function openSignedIn(response: object = signedInWith) {
  const server = createTokenServer();
  const posted: unknown[] = [];
  const open = () => {
    const tab = server.world.openTab();
    const { openChannel } = tab.platform;
    return server.open({
      protocol,
      platform: {
        ...tab.platform,
        openChannel(name, onMessage) {
          const channel = openChannel!(name, onMessage);
          return channel && { ...channel, post: (message) => (posted.push(message), channel.post(message)) };
        },
      },
    });
  };
  const { auth } = open();
  await server.world.until(auth.signIn(fromTokenResponse(response as typeof signedInWith, server.world.now(), protocol.keep)));
  return { server, auth, open, posted };
}

describe('the members of a token answer that `keep` names', () => {
  it('are kept with the tokens and typed by the protocol, and no other member is', async () => {
    const { auth } = await openSignedIn();
    const extra = protocol.extraOf(auth.getSnapshot().tokens);
    expectTypeOf(extra).toEqualTypeOf<Partial<Extra>>();
    expect(extra).toEqual({ id_token: 'secret-id-0', user: { name: 'Ada' } });
  });

  it('are replaced together with the tokens in all tabs, and stay if an answer leaves them out', async () => {
    const { server, auth, open } = await openSignedIn();
    const other = open().auth;
    await server.world.until(other.ready());
    const seen = new Set<string>();
    for (const client of [auth, other]) {
      client.subscribe(() => {
        const { tokens } = client.getSnapshot();
        if (tokens) seen.add(`${tokens.accessToken} ${protocol.extraOf(tokens).id_token}`);
      });
    }
    server.answer = (count) => ({ body: { access_token: `a${count}`, refresh_token: `r${count}`, id_token: `secret-id-${count}`, expires_in: 3600 } });
    await server.world.until(auth.refresh());
    await server.world.advance(1000);
    for (const client of [auth, other]) expect(protocol.extraOf(client.getSnapshot().tokens)).toEqual({ id_token: 'secret-id-1', user: { name: 'Ada' } });
    expect([...seen].filter((pair) => !['a0 secret-id-0', 'a1 secret-id-1'].includes(pair))).toEqual([]);
  });

  it('are gone after a sign-out, and the next user has their own', async () => {
    const { server, auth } = await openSignedIn();
    await server.world.until(auth.signOut());
    expect(protocol.extraOf(auth.getSnapshot().tokens)).toEqual({});
    expect(JSON.stringify([...server.world.storage.values.values()])).not.toContain('secret-id');
    await server.world.until(auth.signIn({ accessToken: 'b', expiresAt: null, scopes: [] }));
    expect(auth.getSnapshot().tokens?.extra).toBeUndefined();
  });

  // claim: kept-members-stay-private
  it('appear in no message between tabs, no event and no error', async () => {
    const { server, auth, open, posted } = await openSignedIn();
    const { auth: other, tab } = open();
    const events: unknown[] = [];
    for (const client of [auth, other]) observe(client, (event) => void events.push(event));
    await server.world.until(other.ready());
    server.world.errorsQuoteInput = true;
    const errors = [await server.world.until(rejection(auth.refresh()))];
    server.answer = () => ({ body: { access_token: 'a1', refresh_token: 'r1', id_token: 'secret-id-1', expires_in: 'soon', token_type: 'DPoP' } });
    await server.world.advance(2000);
    errors.push(await server.world.until(rejection(auth.refresh())), auth.getSnapshot().refresh.error);
    await server.world.until(auth.signOut());
    const texts = [...posted, ...events, ...tab.warnings, ...errors.map((error) => [String(error), error])].map((value) => JSON.stringify(value));
    expect(texts.length).toBeGreaterThan(10);
    expect(texts.filter((text) => text.includes('secret-id'))).toEqual([]);
  });

  it('may be 16,384 characters of JSON in all: a sign-in with more fails, and a refresh with more keeps the former ones', async () => {
    const { server, auth } = await openSignedIn();
    const large = 'x'.repeat(16_384);
    const answer = { ...signedInWith, id_token: large };
    expect(await server.world.until(rejection(auth.signIn(fromTokenResponse(answer, server.world.now(), protocol.keep))))).toMatchObject({ code: 'invalid_config', field: 'extra' });
    server.answer = () => ({ body: { ...answer, access_token: 'a1', refresh_token: 'r1' } });
    expect(await server.world.until(auth.refresh())).toMatchObject({ accessToken: 'a1', refreshToken: 'r1', extra: { id_token: 'secret-id-0', user: { name: 'Ada' } } });
  });

  it('are none by default', async () => {
    expect(fromTokenResponse(signedInWith, Date.now())).not.toHaveProperty('extra');
    expect(oauth2(settings).extraOf({ ...fromTokenResponse(signedInWith, Date.now()) })).toEqual({});
  });

  it.each([['id_token'], 'id_token', [5]])('are refused by oauth2 unless they are an array of names (%j)', (keep) => {
    const create = () => oauth2({ ...settings, keep: keep as never });
    if (Array.isArray(keep) && keep[0] === 'id_token') expect(create).not.toThrow();
    else expect(create).toThrowError(expect.objectContaining({ code: 'invalid_config', field: 'keep' }));
  });
});

describe('`extra` of a protocol of one’s own', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;

  it.each<[unknown, unknown]>([
    [{ user: { name: 'Ada' } }, { user: { name: 'Ada' } }],
    [undefined, undefined],
    ['text', { user: 'before' }],
    [[1], { user: 'before' }],
    [cyclic, { user: 'before' }],
    [{ big: 1n }, { user: 'before' }],
  ])('is stored if it is a JSON object, and costs no rotated token if it is not (%#)', async (extra, expected) => {
    const setup = createSetup();
    const own = defineProtocol({
      name: 'own', baseUrl: BASE_URL, isRejection: () => false,
      refreshRequest: () => ({ url: `${BASE_URL}/oauth`, method: 'POST', headers: {} }),
      readRefresh: (_, previous) => ({ kind: 'granted', tokens: { ...previous, accessToken: 'a1', refreshToken: 'r1', extra: extra as NonNullable<TokenSet['extra']> } }),
    });
    const { auth, tab } = setup.open({ protocol: own });
    await setup.world.until(auth.signIn({ accessToken: 'a0', refreshToken: 'r0', expiresAt: null, scopes: [], extra: { user: 'before' } }));
    await setup.world.until(auth.refresh());
    tab.kill();
    const next = setup.open({ protocol: own });
    const { tokens } = await setup.world.until(next.auth.ready());
    expect(tokens).toMatchObject({ accessToken: 'a1', refreshToken: 'r1' });
    expect(tokens?.extra).toEqual(expected);
  });
});
