import type { TokenSet } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { buildJwt } from '../../../src/testing/token-builder.ts';
import { describe, expect, it } from 'vitest';

const protocol = oauth2({ tokenEndpoint: 'https://id.example.com/token', clientId: 'my-app', resourceOrigins: ['https://api.example.com'], keep: ['id_token'] });
/** An object that cannot be made a text. */
const NO_TEXT = { toString: 1 };

function refreshed(idToken: unknown, former?: string): unknown {
  const previous: TokenSet = { accessToken: 'old', refreshToken: 'kept', expiresAt: null, scopes: [], ...(former && { extra: { id_token: former } }) };
  const body = JSON.stringify({ access_token: 'new', token_type: 'Bearer', id_token: idToken });
  return protocol.readRefresh({ status: 200, body, header: () => null, retryAfterMs: null, now: Date.UTC(2026, 0, 1) }, previous);
}

describe('oauth2 with an ID token', () => {
  it('that is no text reads the other members of the answer', () => {
    expect(refreshed(NO_TEXT)).toMatchObject({ kind: 'granted', tokens: { accessToken: 'new' } });
  });

  it('whose audience is no text keeps the former ID token', () => {
    const former = buildJwt({ iss: 'https://id.example.com', aud: 'my-app' });
    expect(refreshed(buildJwt({ iss: 'https://id.example.com', aud: NO_TEXT } as never), former)).toMatchObject({ kind: 'granted', tokens: { extra: { id_token: former } } });
  });

  it('whose audience is a list of one replaces the former one with the same audience', () => {
    const next = buildJwt({ iss: 'https://id.example.com', aud: ['my-app'] } as never);
    expect(refreshed(next, buildJwt({ iss: 'https://id.example.com', aud: 'my-app' }))).toMatchObject({ tokens: { extra: { id_token: next } } });
  });

  it('keeps nothing of the former user if the tokens are of another one', () => {
    const [ada, bob] = ['ada', 'bob'].map((sub) => buildJwt({ sub }));
    const previous: TokenSet = { accessToken: ada ?? '', refreshToken: 'kept', expiresAt: null, scopes: [], extra: { id_token: ada, tenant: 'of ada' } };
    const read = (accessToken: unknown, idToken?: unknown) =>
      protocol.readRefresh({ status: 200, body: JSON.stringify({ access_token: accessToken, id_token: idToken }), header: () => null, retryAfterMs: null, now: Date.UTC(2026, 0, 1) }, previous);
    expect(read(bob)).toMatchObject({ tokens: { extra: {} } });
    expect(JSON.stringify(read(bob))).not.toContain('ada');
    expect(read('opaque', bob)).toMatchObject({ tokens: { extra: { id_token: bob } } });
    expect(JSON.stringify(read('opaque', bob))).not.toContain('of ada');
    expect(read(ada)).toMatchObject({ tokens: { extra: { id_token: ada, tenant: 'of ada' } } });
  });

  it('that is no text names no user', () => {
    expect(protocol.subjectOf?.({ accessToken: 'opaque', expiresAt: null, scopes: [], extra: { id_token: NO_TEXT } })).toBeNull();
  });
});
