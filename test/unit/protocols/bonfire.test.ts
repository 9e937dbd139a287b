import { AuthError, type Answer } from 'unexpired/core';
import { bonfire, fromAccessTokenObject, createBotTokens } from 'unexpired/bonfire';
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
  throw new Error('no AuthError was thrown');
}

describe('bonfire, given the published examples,', () => {
  // claim: bonfire-token-object-read
  it('reads the access_token object of a refresh, its expiry, scopes and claims', () => {
    const { body, expect: expected } = vectors.refresh;
    const outcome = protocol.readRefresh(answer(200, body), previous);
    expect(outcome).toEqual({
      kind: 'granted',
      tokens: {
        accessToken: body.data.attributes.access_token,
        refreshToken: body.data.attributes.refresh_token,
        expiresAt: expected.expiresAtEpochMs,
        scopes: expected.scopes,
      },
    });
    expect(decodeClaims(body.data.attributes.access_token)).toMatchObject({ iat: expected.iat, exp: expected.exp });
  });

  // claim: bonfire-other-date-spelling
  it('reads a date with a colon in its offset, and comma-separated scopes', () => {
    const { body, expect: expected } = vectors.accessTokenObject;
    const outcome = protocol.readRefresh(answer(200, { data: { id: 1, type: 'access_token', attributes: body } }), previous);
    expect(outcome).toMatchObject({ kind: 'granted', tokens: { expiresAt: expected.expiresAtEpochMs, scopes: expected.scopes } });
    expect(decodeClaims(body.access_token)).toMatchObject({ iat: expected.iat, exp: expected.exp });
  });

  // claim: bonfire-bot-tokens-read
  it('reads bot tokens that have neither an expiry nor a refresh token', () => {
    const { body, expect: expected } = vectors.createBots;
    const outcome = createBotTokens(protocol, [expected.botId]).read(answer(200, body));
    if (outcome.kind !== 'granted') throw new Error('not granted');
    const tokens = outcome.tokens[expected.botId];
    expect(tokens).toMatchObject({ expiresAt: expected.expiresAtEpochMs, scopes: expected.scopes });
    expect(tokens?.refreshToken !== undefined).toBe(expected.hasRefreshToken);
    expect(decodeClaims(tokens?.accessToken ?? '')?.iat).toBe(expected.iat);
  });

  it('converts an access_token object to the token set that `signIn` accepts', () => {
    const { body, expect: expected } = vectors.refresh;
    const object = body.data.attributes;
    expect(fromAccessTokenObject(object)).toEqual({ accessToken: object.access_token, refreshToken: object.refresh_token, expiresAt: expected.expiresAtEpochMs, scopes: expected.scopes });
  });

  it.each([
    ['its type is null', null],
    ['its type is string', vectors.refresh.body.data.attributes.refresh_token],
    ['`accessToken` must be', { refresh_token: 'r' }],
    ['pass the `data.attributes` of this answer', vectors.refresh.body],
    ['`expires_at` must be an ISO 8601 date', { ...vectors.refresh.body.data.attributes, expires_at: '25 May 2019' }],
  ])('throws if it should convert anything else, and does not quote it (%s)', (problem, object) => {
    const error = thrownBy(() => fromAccessTokenObject(object as never));
    expect(error).toMatchObject({ code: 'invalid_response', message: expect.stringContaining(problem) });
    expect(error.message).not.toContain(vectors.refresh.body.data.attributes.refresh_token);
  });

  it('treats error code 450 as a rejection, but not 400 or 702', () => {
    const rejects = ({ status, body }: { status: number; body: unknown }) => protocol.isRejection(answer(status, body));
    expect(rejects(vectors.error450)).toBe(true);
    expect(rejects(vectors.error400)).toBe(false);
    expect(rejects(vectors.error702)).toBe(false);
  });
});

describe('a request of bonfire', () => {
  // claim: bonfire-refresh-request
  it('for a refresh has the App Key as bearer and a form as body', () => {
    const request = protocol.refreshRequest('a+b/c=');
    expect(request.url).toBe('https://api.bonfire.test/v1/oauth');
    expect(request.headers).toMatchObject({ authorization: 'Bearer the-app-key', 'content-type': 'application/x-www-form-urlencoded' });
    expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual({ grant_type: 'refresh_token', refresh_token: 'a+b/c=' });
  });

  // claim: bonfire-bot-grant
  it('for bot tokens has the ids as a JSON array in one field', () => {
    const { request } = createBotTokens(protocol, ['-OoX', 'b2']);
    expect(request.url).toBe('https://api.bonfire.test/v1/oauth/bots');
    expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual({ grant_type: 'client_credentials', bots: '["-OoX","b2"]' });
  });

  // claim: bonfire-json-bodies
  it('has a JSON body if `bodyEncoding` is json', () => {
    const json = bonfire({ baseUrl: 'https://api.bonfire.test/v1', appKey: 'k', bodyEncoding: 'json' });
    expect(JSON.parse(createBotTokens(json, ['b']).request.body ?? '')).toEqual({ grant_type: 'client_credentials', bots: ['b'] });
    expect(json.refreshRequest('r').headers['content-type']).toBe('application/json');
  });

  it('while signed out has the App Key as bearer if it reads, and none if it writes', () => {
    expect(protocol.anonymousAuthorization('GET')).toBe('Bearer the-app-key');
    expect(protocol.anonymousAuthorization('POST')).toBeNull();
  });
});

describe('a Bonfire answer to a refresh', () => {
  // claim: missing-refresh-token-kept
  it('without a refresh token keeps the old one', () => {
    const outcome = protocol.readRefresh(answer(200, { data: { attributes: { access_token: 'new' } } }), previous);
    expect(outcome).toEqual({ kind: 'granted', tokens: { accessToken: 'new', refreshToken: 'kept', expiresAt: null, scopes: ['posts'] } });
  });

  it.each([
    [451, 400, 'refresh_token_invalid'],
    [460, 403, 'login_required'],
    [800, 409, 'password_reset_required'],
    [810, 409, 'suspended'],
  ])('with error code %i ends the session', (code, status, reason) => {
    expect(refused(code, status)).toEqual({ kind: 'final', reason });
  });

  it.each([[400, 401], [401, 401], [410, 403], [420, 401], [452, 401], [900, 405], [910, 400]])(
    'with error code %i means that the app is misconfigured',
    (code, status) => {
      expect(refused(code, status).kind).toBe('misconfigured');
    },
  );

  it.each([[403, 401], [450, 401], [711, 401], [712, 401], [730, 401], [740, 401], [970, 409], [980, 500], [12345, 418]])(
    'with error code %i is a transient failure',
    (code, status) => {
      expect(refused(code, status).kind).toBe('transient');
    },
  );

  it.each([
    ['HTML', '<!doctype html><p>Bad gateway'],
    ['an empty body', ''],
    ['truncated JSON', '{"data":'],
    ['no envelope', '{}'],
    ['no access_token', '{"data":{"attributes":{"refresh_token":"r"}}}'],
    ['a date without offset', '{"data":{"attributes":{"access_token":"a","expires_at":"2026-01-01T00:00:00"}}}'],
    ['a number for a date', '{"data":{"attributes":{"access_token":"a","expires_at":1234}}}'],
    ['an access token with a line break', '{"data":{"attributes":{"access_token":"a\\nb"}}}'],
  ])('that is a 200 with %s is unreadable, which is a transient failure', (_, body) => {
    expect(protocol.readRefresh(answer(200, body), previous)).toMatchObject({ kind: 'transient', cause: 'invalid_response' });
  });

  it.each([[408], [425], [429], [500], [502], [503]])('that is a bare HTTP %i is a transient failure and keeps its Retry-After', (status) => {
    expect(protocol.readRefresh(answer(status, '', 7000), previous)).toMatchObject({ kind: 'transient', retryAfterMs: 7000 });
  });
});

describe('a Bonfire answer to a call', () => {
  // claim: code-450-at-any-status
  it('is a rejection if its code is 450, at any 4xx status, or if it is a bare HTTP 450', () => {
    expect(protocol.isRejection(answer(403, { error: { code: 450 } }))).toBe(true);
    expect(protocol.isRejection(answer(450, ''))).toBe(true);
    expect(protocol.mayReject(403, () => null) && protocol.mayReject(450, () => null)).toBe(true);
    expect(protocol.mayReject(200, () => null) || protocol.mayReject(500, () => null)).toBe(false);
  });

  it.each([400, 401, 403, 420, 452, 711, 730, 740])('with error code %i and HTTP 401 is not a rejection', (code) => {
    expect(protocol.isRejection(answer(401, { error: { code } }))).toBe(false);
  });

  it('with 450 elsewhere in its body is not a rejection', () => {
    expect(protocol.isRejection(answer(401, { code: 450 }))).toBe(false);
    expect(protocol.isRejection(answer(401, { error: { code: '450' } }))).toBe(false);
    expect(protocol.isRejection(answer(401, 'error code 450'))).toBe(false);
  });
});

describe('bonfire', () => {
  it.each([
    ['baseUrl', { baseUrl: '', appKey: 'k' }],
    ['baseUrl', { baseUrl: '//api.bonfire.test/v1', appKey: 'k' }],
    ['baseUrl', { baseUrl: '/v1?x=1', appKey: 'k' }],
    ['baseUrl', { baseUrl: 'ftp://api.bonfire.test', appKey: 'k' }],
    ['baseUrl', { baseUrl: 'https://api.bonfire.test/v1?x=1', appKey: 'k' }],
    ['baseUrl', { baseUrl: 'https://api.bonfire.test/v1?', appKey: 'k' }],
    ['baseUrl', { appKey: 'k' } as never],
    ['baseUrl', undefined as never],
    ['appKey', { baseUrl: 'https://api.bonfire.test/v1', appKey: '' }],
    ['appKey', { baseUrl: 'https://api.bonfire.test/v1' } as never],
    ['bodyEncoding', { baseUrl: 'https://api.bonfire.test/v1', appKey: 'k', bodyEncoding: 'xml' as never }],
  ])('refuses a wrong `%s` at creation and names it', (field, config) => {
    const error = thrownBy(() => bonfire(config));
    expect(error).toMatchObject({ code: 'invalid_config', field });
    expect(error.message).toContain(`\`${field}\` must be`);
  });

  it.each([[[]], [['']], ['bot' as never]])('refuses %j as bot ids and names `botIds`', (botIds) => {
    expect(thrownBy(() => createBotTokens(protocol, botIds))).toMatchObject({ code: 'invalid_config', field: 'botIds' });
  });

  it('does not show the App Key if the protocol is printed', () => {
    expect(JSON.stringify(protocol)).not.toContain('the-app-key');
  });
});

describe('an error about a setting of bonfire', () => {
  it.each([
    ['its type is string', { appKey: 'the secret key' }],
    ['its type is number', { appKey: 5 }],
    ['its type is undefined', { appKey: undefined }],
    ['it is "xml"', { appKey: 'k', bodyEncoding: 'xml' }],
  ])('says %s, and quotes no App Key', (given, config) => {
    const { message } = thrownBy(() => bonfire({ baseUrl: 'https://api.bonfire.test/v1', ...config } as never));
    expect(message).toContain(`; ${given}.`);
    expect(message).not.toContain('secret');
  });

  it.each([[[], 'its type is array'], ['ember', 'it is "ember"'], [['ember', ''], 'its type is array'], [null, 'it is null']])(
    'says of the bot ids %j: %s',
    (botIds, given) => {
      expect(thrownBy(() => createBotTokens(protocol, botIds as never)).message).toBe(`\`botIds\` must be a non-empty array of bot ids, which are non-empty strings; ${given}.`);
    },
  );
});

it.each([[451, 503], [810, 500], [452, 502], [400, 429]])('bonfire keeps the session and retries if error code %i comes with HTTP %i', (code, status) => {
  expect(refused(code, status)).toMatchObject({ kind: 'transient', cause: status === 429 ? 'rate_limited' : 'server_error' });
});

it.each([
  [451, { kind: 'final', reason: 'refresh_token_invalid' }],
  [810, { kind: 'final', reason: 'suspended' }],
  [452, { kind: 'misconfigured' }],
  [999, { kind: 'transient', cause: 'refused' }],
])('bonfire reads error code %i with HTTP 200 as %j', (code, outcome) => {
  expect(refused(code, 200)).toMatchObject(outcome);
});

describe('a refresh at a wrong base URL', () => {
  const page = '<!doctype html><title>Guest network</title>';
  it.each([
    [404, '', '`https://api.bonfire.test/v1/oauth` answered 404: check `baseUrl`.', 'refused'],
    [404, { error: { message: 'no', code: 700 } }, '`https://api.bonfire.test/v1/oauth` answered 404: check `baseUrl`.', 'refused'],
    [200, page, '`https://api.bonfire.test/v1/oauth` answered 200 with an HTML page: check `baseUrl`.', 'invalid_response'],
    [403, page, '`https://api.bonfire.test/v1/oauth` answered 403 with an HTML page: check `baseUrl`.', 'refused'],
  ])('is marked for HTTP %i %j, and names the address and the setting', (status, body, detail, cause) => {
    expect(protocol.readRefresh(answer(status, body), previous)).toEqual({ kind: 'transient', cause, retryAfterMs: null, detail, wrongEndpoint: true });
  });

  it.each([
    [503, page],
    [405, { error: { message: 'no', code: 900 } }],
    [400, { error: { message: 'no', code: 451 } }],
    [200, '{"data":'],
    [418, ''],
  ])('is not marked for HTTP %i %j', (status, body) => {
    expect(protocol.readRefresh(answer(status, body), previous)).not.toHaveProperty('wrongEndpoint');
  });
});

describe('the answer to a grant of bonfire', () => {
  const read = (status: number, body: unknown) => createBotTokens(protocol, ['ember']).read(answer(status, body));
  const error = (code: number) => ({ error: { message: 'no', code } });

  it.each([
    [404, 702, { kind: 'refused', apiCode: '702', endReason: undefined }],
    [400, 600, { kind: 'refused', apiCode: '600', endReason: undefined }],
    [409, 810, { kind: 'refused', apiCode: '810', endReason: 'suspended' }],
  ])('with HTTP %i and error code %i is a refusal with that code', (status, code, outcome) => {
    expect(read(status, error(code))).toEqual(outcome);
  });

  it.each([
    [503, error(702), { kind: 'transient', cause: 'server_error' }],
    [401, error(452), { kind: 'misconfigured' }],
    [404, '', { kind: 'transient', cause: 'refused' }],
    [200, '', { kind: 'transient', cause: 'invalid_response' }],
  ])('with HTTP %i and %j is a failure, because it is not the API that refuses the grant', (status, body, outcome) => {
    expect(read(status, body)).toMatchObject(outcome);
  });
});
