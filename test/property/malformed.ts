import { bonfire } from 'unexpired/bonfire';
import { classifyFailure, defineProtocol, type Protocol } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { buildJwt } from 'unexpired/testing';
import fc from 'fast-check';

/** How many malformed answers are drawn. `npm run test:fuzz` draws more. */
export const DRAWS = Number(process.env['FUZZ_RUNS'] ?? 10_000);

/** A part of each drawn token and of each text beside one, so that a message that quotes an answer is found. */
export const MARK = 'M4RK';

const BASE = 'https://api.example.com';

/** The three ways to read an answer. The one of an app is careless: it throws for most of the answers. */
export const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  oauth2: oauth2({ tokenEndpoint: `${BASE}/oauth/token`, clientId: 'app', resourceOrigins: [BASE], keep: ['id_token', 'user'] }),
  bonfire: bonfire({ baseUrl: BASE, appKey: 'app-key' }),
  defineProtocol: defineProtocol({
    name: 'own',
    baseUrl: BASE,
    refreshRequest: () => ({ url: `${BASE}/oauth/token`, method: 'POST', headers: {} }),
    readRefresh(answer, previous) {
      const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds, expires_at: date, scope, error, id_token: extra } = JSON.parse(answer.body);
      if (error === 'invalid_grant') return classifyFailure(answer, 'refresh_token_invalid');
      return { kind: 'granted', tokens: { ...previous, accessToken, refreshToken, expiresAt: seconds ? answer.now + seconds * 1000 : date, scopes: scope.split(' '), refreshExpiresAt: seconds, issuedAt: date, extra } };
    },
    isRejection: ({ status }) => status === 401,
  }),
};

/** An answer of a token endpoint. */
export interface DrawnAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const long = fc.oneof({ weight: 30, arbitrary: fc.constantFrom(1000, 20_000) }, { weight: 1, arbitrary: fc.constant(1_000_000) }).map((length) => MARK.repeat(length / MARK.length));
const number = fc.oneof(
  fc.integer({ min: -10, max: 100_000 }),
  fc.constantFrom(0, -0, -1, 1, 0.5, 3600, 1e9, 1.7e9, 1.7e12, 1e11, 8.64e15, 2 ** 31, 2 ** 53, 1e21, 1e300, -1e300, Number.MIN_VALUE),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const date = fc.oneof(
  fc.constantFrom('2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00Z', '2026-02-30T00:00:00Z', '9999-12-31T23:59:59Z', '0000-00-00T00:00:00Z', '2026-01-01', '2026-01-01 00:00:00', '01/02/2026', 'Thu, 01 Jan 2026 00:00:00 GMT', '2026-W01-1', 'tomorrow', '+275760-09-13T00:00:00.000Z'),
  fc.date({ noInvalidDate: true }).map((value) => value.toISOString()),
  fc.date({ noInvalidDate: true }).map((value) => value.toUTCString()),
);
const jwt = fc.record({ iat: fc.oneof(number, date), exp: fc.oneof(number, date), sub: fc.constant(MARK) }, { requiredKeys: [] }).map((claims) => buildJwt(claims as Record<string, never>));
const text = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(`${MARK}-token`, `${MARK} token`, `${MARK}\n`, `${MARK}\u0000`, `${MARK}é😀`, `\u202e${MARK}`, '', ' ', 'null', 'Bearer', 'DPoP', 'NaN', '3600', '-1', '1e400', '0x10', 'invalid_grant', 'invalid_client', '__proto__') },
  { weight: 8, arbitrary: jwt },
  { weight: 4, arbitrary: fc.constantFrom(`${MARK}.${MARK}.${MARK}`, 'e30.e30.', 'e30.bnVsbA.', 'e30.W10.', 'e30.Ig.', '..') },
  { weight: 6, arbitrary: date },
  { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: long },
);
const anything = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 4, arbitrary: number },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, { toString: 1 }, { valueOf: null, toString: null, then: 1, length: -1 }) },
  { weight: 1, arbitrary: fc.array(text, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.dictionary(text, text, { maxKeys: 3 }) },
);
const seconds = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 100_000 }) }, { weight: 2, arbitrary: anything });
const token = fc.oneof({ weight: 3, arbitrary: fc.oneof(jwt, fc.constantFrom(`${MARK}-1`, `${MARK}-2`)) }, { weight: 2, arbitrary: anything });

const members = {
  access_token: token,
  refresh_token: token,
  expires_in: seconds,
  expires_at: fc.oneof(date, anything),
  refresh_expires_in: seconds,
  refresh_token_expires_in: seconds,
  token_type: fc.oneof({ weight: 3, arbitrary: fc.constant('Bearer') }, { weight: 1, arbitrary: anything }),
  scope: fc.oneof(fc.constant('a b'), anything),
  id_token: anything,
  user: anything,
};
const granted = fc.record(members, { requiredKeys: ['access_token'] });
const code = fc.oneof(fc.constantFrom('invalid_grant', 'INVALID_GRANT', 'invalid_client', 'server_error', 'constructor', `${MARK}_code`, 450, 451, 460, 800, 810, 452, 999), anything);
const refused = fc.record({ error: fc.oneof(code, fc.record({ code, message: text })), error_description: text, code: number });
const object = fc.oneof(
  { weight: 4, arbitrary: granted },
  { weight: 3, arbitrary: granted.map((attributes) => ({ data: { attributes } })) },
  { weight: 2, arbitrary: refused },
  { weight: 1, arbitrary: fc.tuple(granted, refused).map(([one, other]) => ({ ...one, ...other, data: { attributes: one } })) },
  { weight: 1, arbitrary: anything },
);
const json = object.map((value) => JSON.stringify(value));

/** Texts that are nearly JSON, or far from it. */
const body = fc.oneof(
  { weight: 20, arbitrary: json },
  { weight: 2, arbitrary: json.map((valid) => `\ufeff${valid}`) },
  { weight: 2, arbitrary: fc.tuple(json, fc.double({ min: 0, max: 1, noNaN: true })).map(([valid, share]) => valid.slice(0, Math.floor(valid.length * share))) },
  { weight: 2, arbitrary: json.map((valid) => valid.replace(/^\{/, `{"access_token":"${MARK}-first","expires_in":1,"data":null,`)) },
  { weight: 1, arbitrary: json.map((valid) => valid.replaceAll('"', "'")) },
  { weight: 1, arbitrary: granted.map((value) => new URLSearchParams(Object.entries(value).map(([name, one]) => [name, JSON.stringify(one).slice(0, 100)])).toString()) },
  { weight: 1, arbitrary: fc.constantFrom(100, 5000, 20_000).map((depth) => `{"access_token":${'['.repeat(depth)}"${MARK}"${']'.repeat(depth)}}`) },
  { weight: 1, arbitrary: fc.constantFrom(100, 5000).map((depth) => `{"access_token":"${MARK}","refresh_token":"${MARK}-r","user":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`) },
  { weight: 1, arbitrary: fc.constantFrom('', ' ', 'OK', 'null', '[]', '"text"', '1', `<html>${MARK}</html>`, `{"access_token":NaN}`, `{"access_token":"${MARK}"}{"access_token":"${MARK}"}`, '{"__proto__":{"access_token":"x"}}', `{"access_token":"${MARK}\\ud800"}`) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => new TextDecoder().decode(bytes)) },
);

export const drawnAnswer: fc.Arbitrary<DrawnAnswer> = fc.record({
  status: fc.oneof({ weight: 4, arbitrary: fc.constant(200) }, { weight: 1, arbitrary: fc.constantFrom(201, 203, 226, 400, 401, 403, 404, 405, 408, 409, 410, 418, 425, 429, 451, 499, 500, 502, 503, 599) }),
  body,
  headers: fc.record(
    {
      date: fc.oneof(fc.constantFrom('Thu, 01 Jan 2026 00:00:00 GMT', 'Fri, 01 Jan 2100 00:00:00 GMT', 'now', '0'), fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }).map((value) => value.toUTCString())),
      'retry-after': fc.constantFrom('0', '7', '-1', '99999999999999999999', 'soon', 'Fri, 01 Jan 2100 00:00:00 GMT'),
    },
    { requiredKeys: [] },
  ),
});

/** Whether the answer itself says, in words that a built-in protocol knows, that the session is over. */
export function saysItIsOver({ status, body: given }: DrawnAnswer): boolean {
  if (status >= 500 || [408, 425, 429].includes(status)) return false;
  return /invalid_grant|invalid_request|token_inactive|bad_refresh_token|interaction_required|consent_required|login_required/i.test(given) || /\b(451|460|800|810)\b/.test(given);
}
