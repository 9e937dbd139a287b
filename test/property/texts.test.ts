import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameOf } from '../../src/core/model/foreign-error.ts';
import { parseIsoDate } from '../../src/core/model/iso-date.ts';
import { decodeClaims, parseScopes, tokenSetProblem, type TokenSet } from '../../src/core/model/token-set.ts';

const secret = fc.stringMatching(/^[A-Za-z0-9._~+/=-]{8,60}$/);
const tokens: fc.Arbitrary<TokenSet> = fc.record(
  { accessToken: secret, refreshToken: secret, expiresAt: fc.option(fc.integer()), scopes: fc.array(fc.string()) },
  { requiredKeys: ['accessToken', 'expiresAt', 'scopes'] },
);

describe('parseIsoDate', () => {
  // claim: every-date-spelling-read
  it('parses every instant, in every spelling of its offset', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), fc.integer({ min: -839, max: 839 }), fc.constantFrom(':', ''), (seconds, offset, colon) => {
      const local = new Date(seconds * 1000 + offset * 60_000).toISOString();
      if (!/^\d{4}-/.test(local)) return;
      const two = (value: number) => String(value).padStart(2, '0');
      const spelt = `${local.slice(0, 19)}${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${colon}${two(Math.abs(offset) % 60)}`;
      expect(parseIsoDate(spelt)).toBe(seconds * 1000);
      expect(parseIsoDate(new Date(seconds * 1000).toISOString())).toBe(seconds * 1000);
    }));
  });

  it.each([
    '2019-02-29T00:00:00Z', '2019-04-31T00:00:00Z', '2019-13-01T00:00:00Z', '2019-00-10T00:00:00Z', '2019-01-01T24:00:00Z', '2019-01-01T00:60:00Z',
    '2019-01-01T00:00:00', '2019-01-01', '2019-01-01 00:00:00Z', '2019-01-01T00:00Z', '2019-01-01T00:00:00+24:00', ' 2019-01-01T00:00:00Z', '1558797988', '',
  ])('refuses %j', (text) => {
    expect(parseIsoDate(text)).toBeNull();
  });

  it('handles leap years, years below 100 and fractions of a second', () => {
    expect(parseIsoDate('2020-02-29T00:00:00Z')).toBe(Date.UTC(2020, 1, 29));
    expect(parseIsoDate('2100-02-29T00:00:00Z')).toBeNull();
    expect(parseIsoDate('2000-02-29T00:00:00Z')).toBe(Date.UTC(2000, 1, 29));
    expect(parseIsoDate('0099-01-01T00:00:00Z')).toBe(new Date('0099-01-01T00:00:00Z').getTime());
    expect(parseIsoDate('2020-01-01T00:00:00.123456Z')).toBe(Date.UTC(2020, 0, 1, 0, 0, 0, 123));
  });
});

describe('a foreign error', () => {
  // claim: only-names-of-foreign-errors
  it('is described by its name only, and by none of its texts', () => {
    const name = fc.constantFrom('TypeError', 'QuotaExceededError', 'SyntaxError', 'RedisError');
    fc.assert(fc.property(name, fc.string(), fc.anything(), (known, message, cause) => {
      expect(nameOf(Object.assign(new Error(message, { cause }), { name: known, config: message }))).toBe(known);
    }));
  });

  it('whose name is not one word that ends in Error is called Error', () => {
    fc.assert(fc.property(fc.oneof(secret, fc.string(), fc.anything()), (name) => {
      const isWord = typeof name === 'string' && /^[A-Z][A-Za-z]*Error$/.test(name);
      if (!isWord) expect(nameOf({ name })).toBe('Error');
    }));
    for (const value of ['eyJhbGciOiJIUzI1NiJ9Error', 'M.C5_BAYError', 'tokenError', `T${'o'.repeat(40)}Error`]) expect(nameOf({ name: value })).toBe('Error');
    fc.assert(fc.property(fc.anything(), (thrown) => {
      expect(nameOf(thrown)).toMatch(/^([A-Z][A-Za-z]*)?Error$/);
    }));
  });
});

describe('tokens', () => {
  it('have claims if they are JWTs, and none otherwise', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      const claims = decodeClaims(text);
      expect(claims === null || typeof claims === 'object').toBe(true);
    }));
    expect(decodeClaims('opaque')).toBeNull();
  });

  it('have every claim of a JWT, in any script', () => {
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    fc.assert(fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (claims) => {
      expect(decodeClaims(`${encoded({ alg: 'none' })}.${encoded(claims)}.`)).toEqual(JSON.parse(JSON.stringify(claims)));
    }));
  });

  it('have scopes that are split at commas and spaces', () => {
    const scope = fc.stringMatching(/^[a-z:]{1,8}$/);
    fc.assert(fc.property(fc.array(scope), fc.constantFrom(',', ' ', ', '), (scopes, separator) => {
      expect(parseScopes(scopes.join(separator))).toEqual(scopes);
    }));
  });

  it('are checked without throwing, even if they are of another type', () => {
    fc.assert(fc.property(fc.anything(), (value) => {
      const problem = tokenSetProblem(value);
      expect(problem === null || problem.startsWith('`')).toBe(true);
    }));
    fc.assert(fc.property(tokens, (set) => {
      expect(tokenSetProblem(set)).toBeNull();
    }));
  });
});
