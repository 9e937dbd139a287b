import { AuthError, type Answer } from 'unexpired/core';
import { bonfire, fromAccessTokenObject } from 'unexpired/bonfire';
import { decodeClaims } from 'unexpired/core';
import { describe, expect, it } from 'vitest';
import vectors from '../../fixtures/bonfire-vectors.json' with { type: 'json' };

const protocol = bonfire({ baseUrl: 'https://api.bonfire.test/v1/', appKey: 'the-app-key' });
const previous = { accessToken: 'old', refreshToken: 'kept', expiresAt: 1, scopes: ['posts'] };

function answer(status: number, body: unknown, retryAfterMs: number | null = null): Answer {
  return { status, body: typeof body === 'string' ? body : JSON.stringify(body), header: () => null, retryAfterMs, now: 0 };
}

const refused = (code: number, status: number) => protocol.readRefresh(answer(status, { error: { message: 'no', code } }), previous);

function thrownBy(act: () => unknown): AuthError {
  try {
    act();
  } catch (error) {
    if (AuthError.is(error)) return error;
  }
  throw new Error('nothing was thrown, or no AuthError');
}

describe('the published vectors', () => {
  // claim: bonfire-token-object-read
  it('reads the access_token object of a refresh, its expiry, scopes and claims', () => {
    const { body, expect: wanted } = vectors.refresh;
    const outcome = protocol.readRefresh(answer(200, body), previous);
    expect(outcome).toEqual({
      kind: 'granted',
      tokens: {
        accessToken: body.data.attributes.access_token,
        refreshToken: body.data.attributes.refresh_token,
        expiresAt: wanted.expiresAtEpochMs,
        scopes: wanted.scopes,
      },
    });
    expect(decodeClaims(body.data.attributes.access_token)).toMatchObject({ iat: wanted.iat, exp: wanted.exp });
  });

  // claim: bonfire-other-date-spelling
  it('reads the other spelling of the date and comma-separated scopes', () => {
    const { body, expect: wanted } = vectors.accessTokenObject;
    const outcome = protocol.readRefresh(answer(200, { data: { id: 1, type: 'access_token', attributes: body } }), previous);
    expect(outcome).toMatchObject({ kind: 'granted', tokens: { expiresAt: wanted.expiresAtEpochMs, scopes: wanted.scopes } });
    expect(decodeClaims(body.access_token)).toMatchObject({ iat: wanted.iat, exp: wanted.exp });
  });

  // claim: bonfire-bot-tokens-read
  it('reads bot tokens without expiry and without refresh token', () => {
    const { body, expect: wanted } = vectors.createBots;
    const outcome = protocol.createBotTokens([wanted.botId]).read(answer(200, body));
    if (outcome.kind !== 'granted') throw new Error('not granted');
    const tokens = outcome.tokens[wanted.botId];
    expect(tokens).toMatchObject({ expiresAt: wanted.expiresAtEpochMs, scopes: wanted.scopes });
    expect(tokens?.refreshToken !== undefined).toBe(wanted.hasRefreshToken);
    expect(decodeClaims(tokens?.accessToken ?? '')?.iat).toBe(wanted.iat);
  });

  it('turns an access_token object that an app has got by itself into what signs in', () => {
    const { body, expect: wanted } = vectors.refresh;
    const object = body.data.attributes;
    expect(fromAccessTokenObject(object)).toEqual({ accessToken: object.access_token, refreshToken: object.refresh_token, expiresAt: wanted.expiresAtEpochMs, scopes: wanted.scopes });
  });

  it.each([
    ['there is no access_token object', null],
    ['`accessToken` must be', vectors.refresh.body],
    ['`expires_at` is no ISO 8601 date', { ...vectors.refresh.body.data.attributes, expires_at: '25 May 2019' }],
  ])('says so when something else is given for an access_token object (%s), and quotes none of it', (problem, object) => {
    const error = thrownBy(() => fromAccessTokenObject(object as never));
    expect(error).toMatchObject({ code: 'invalid_response', message: expect.stringContaining(problem) });
    expect(error.message).not.toContain(vectors.refresh.body.data.attributes.refresh_token);
  });

  it('takes error code 450 for a rejection and the others not', () => {
    const rejects = ({ status, body }: { status: number; body: unknown }) => protocol.isRejection(answer(status, body));
    expect(rejects(vectors.error450)).toBe(true);
    expect(rejects(vectors.error400)).toBe(false);
    expect(rejects(vectors.error702)).toBe(false);
  });
});

describe('asking', () => {
  // claim: bonfire-refresh-request
  it('asks for a refresh with the App Key as bearer and a form as body', () => {
    const request = protocol.refreshRequest('a+b/c=');
    expect(request.url).toBe('https://api.bonfire.test/v1/oauth');
    expect(request.headers).toMatchObject({ authorization: 'Bearer the-app-key', 'content-type': 'application/x-www-form-urlencoded' });
    expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual({ grant_type: 'refresh_token', refresh_token: 'a+b/c=' });
    expect(request.secrets).toEqual(['a+b/c=', 'the-app-key']);
  });

  // claim: bonfire-bot-grant
  it('asks for bot tokens with the ids as a JSON array in one field', () => {
    const { request } = protocol.createBotTokens(['-OoX', 'b2']);
    expect(request.url).toBe('https://api.bonfire.test/v1/oauth/bots');
    expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual({ grant_type: 'client_credentials', bots: '["-OoX","b2"]' });
  });

  // claim: bonfire-json-bodies
  it('writes JSON bodies when told to', () => {
    const json = bonfire({ baseUrl: 'https://api.bonfire.test/v1', appKey: 'k', bodyEncoding: 'json' });
    expect(JSON.parse(json.createBotTokens(['b']).request.body ?? '')).toEqual({ grant_type: 'client_credentials', bots: ['b'] });
    expect(json.refreshRequest('r').headers['content-type']).toBe('application/json');
  });

  it('lets reads go out with the App Key while signed out, and writes not', () => {
    expect(protocol.anonymousAuthorization('GET')).toBe('Bearer the-app-key');
    expect(protocol.anonymousAuthorization('POST')).toBeNull();
  });
});

describe('reading a refresh answer', () => {
  // claim: missing-refresh-token-kept
  it('keeps the old refresh token when the answer brings none', () => {
    const outcome = protocol.readRefresh(answer(200, { data: { attributes: { access_token: 'new' } } }), previous);
    expect(outcome).toEqual({ kind: 'granted', tokens: { accessToken: 'new', refreshToken: 'kept', expiresAt: null, scopes: ['posts'] } });
  });

  it.each([
    [451, 400, 'refresh_token_invalid'],
    [460, 403, 'login_required'],
    [800, 409, 'password_reset_required'],
    [810, 409, 'suspended'],
  ])('ends the session for error code %i', (code, status, reason) => {
    expect(refused(code, status)).toEqual({ kind: 'final', reason });
  });

  it.each([[400, 401], [401, 401], [410, 403], [420, 401], [452, 401], [900, 405], [910, 400]])(
    'blames the set-up of the app for error code %i',
    (code, status) => {
      expect(refused(code, status).kind).toBe('misconfigured');
    },
  );

  it.each([[403, 401], [450, 401], [711, 401], [712, 401], [730, 401], [740, 401], [970, 409], [980, 500], [12345, 418]])(
    'takes error code %i for a passing trouble',
    (code, status) => {
      expect(refused(code, status).kind).toBe('transient');
    },
  );

  it.each([
    ['HTML', '<!doctype html><p>Bad gateway'],
    ['nothing', ''],
    ['a broken text', '{"data":'],
    ['no envelope', '{}'],
    ['no access_token', '{"data":{"attributes":{"refresh_token":"r"}}}'],
    ['a date without offset', '{"data":{"attributes":{"access_token":"a","expires_at":"2026-01-01T00:00:00"}}}'],
    ['a number for a date', '{"data":{"attributes":{"access_token":"a","expires_at":1234}}}'],
    ['an access token with a line break', '{"data":{"attributes":{"access_token":"a\\nb"}}}'],
  ])('takes %s in a 200 for an unreadable answer, which is transient', (_, body) => {
    expect(protocol.readRefresh(answer(200, body), previous)).toMatchObject({ kind: 'transient', cause: 'invalid_response' });
  });

  it.each([[408], [425], [429], [500], [502], [503]])('takes a bare HTTP %i for transient, with its Retry-After', (status) => {
    expect(protocol.readRefresh(answer(status, '', 7000), previous)).toMatchObject({ kind: 'transient', retryAfterMs: 7000 });
  });
});

describe('reading a resource answer', () => {
  // claim: code-450-at-any-status
  it('counts code 450 whatever the 4xx status, and a bare HTTP 450', () => {
    expect(protocol.isRejection(answer(403, { error: { code: 450 } }))).toBe(true);
    expect(protocol.isRejection(answer(450, ''))).toBe(true);
    expect(protocol.mayReject(403) && protocol.mayReject(450)).toBe(true);
    expect(protocol.mayReject(200) || protocol.mayReject(500)).toBe(false);
  });

  it.each([400, 401, 403, 420, 452, 711, 730, 740])('does not take error code %i with HTTP 401 for an expired token', (code) => {
    expect(protocol.isRejection(answer(401, { error: { code } }))).toBe(false);
  });

  it('is not fooled by 450 elsewhere in the body', () => {
    expect(protocol.isRejection(answer(401, { code: 450 }))).toBe(false);
    expect(protocol.isRejection(answer(401, { error: { code: '450' } }))).toBe(false);
    expect(protocol.isRejection(answer(401, 'error code 450'))).toBe(false);
  });
});

describe('a wrong set-up', () => {
  it.each([
    ['baseUrl', { baseUrl: '', appKey: 'k' }],
    ['baseUrl', { baseUrl: '/v1', appKey: 'k' }],
    ['baseUrl', { baseUrl: 'ftp://api.bonfire.test', appKey: 'k' }],
    ['baseUrl', { baseUrl: 'https://api.bonfire.test/v1?x=1', appKey: 'k' }],
    ['baseUrl', { baseUrl: 'https://api.bonfire.test/v1?', appKey: 'k' }],
    ['baseUrl', { appKey: 'k' } as never],
    ['baseUrl', undefined as never],
    ['appKey', { baseUrl: 'https://api.bonfire.test/v1', appKey: '' }],
    ['appKey', { baseUrl: 'https://api.bonfire.test/v1' } as never],
    ['bodyEncoding', { baseUrl: 'https://api.bonfire.test/v1', appKey: 'k', bodyEncoding: 'xml' as never }],
  ])('names %s at creation', (field, config) => {
    const error = thrownBy(() => bonfire(config));
    expect(error).toMatchObject({ code: 'invalid_config', field });
    expect(error.message).toContain(`\`${field}\` must be`);
  });

  it.each([[[]], [['']], ['bot' as never]])('names botIds when they are %j', (botIds) => {
    expect(thrownBy(() => protocol.createBotTokens(botIds))).toMatchObject({ code: 'invalid_config', field: 'botIds' });
  });

  it('shows no App Key when the profile is printed', () => {
    expect(JSON.stringify(protocol)).not.toContain('the-app-key');
  });
});
