import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from '../../../src/protocols/challenges.ts';

describe('parseChallenges', () => {
  it.each([
    [null, []],
    ['', []],
    ['Bearer', [['bearer', {}]]],
    ['Bearer error="invalid_token"', [['bearer', { error: 'invalid_token' }]]],
    ['bearer ERROR=invalid_token', [['bearer', { error: 'invalid_token' }]]],
    ['Bearer realm="a, b", error = "invalid_token" ,error_description="it said \\"no\\", twice"', [['bearer', { realm: 'a, b', error: 'invalid_token', error_description: 'it said "no", twice' }]]],
    ['Basic realm="x", Bearer error="invalid_token"', [['basic', { realm: 'x' }], ['bearer', { error: 'invalid_token' }]]],
    ['Bearer error="invalid_token", Basic realm="error=\\"other\\""', [['bearer', { error: 'invalid_token' }], ['basic', { realm: 'error="other"' }]]],
    ['Negotiate, Bearer error="invalid_token"', [['negotiate', {}], ['bearer', { error: 'invalid_token' }]]],
    ['Negotiate oYG2MIG==, Bearer error="invalid_token"', [['negotiate', {}], ['bearer', { error: 'invalid_token' }]]],
    [', ,Bearer realm="", error="insufficient_scope"', [['bearer', { realm: '', error: 'insufficient_scope' }]]],
    ['Bearer error="invalid_token", error="other"', [['bearer', { error: 'invalid_token' }]]],
    ['DPoP algs="ES256 PS256", Bearer error="invalid_token"', [['dpop', { algs: 'ES256 PS256' }], ['bearer', { error: 'invalid_token' }]]],
    ['Bearer realm="x" error="invalid_token" Basic realm="y"', [['bearer', { realm: 'x', error: 'invalid_token' }], ['basic', { realm: 'y' }]]],
    ['Bearer realm=https://api.example.com/v1?a=b, error=invalid_token', [['bearer', { realm: 'https://api.example.com/v1?a=b', error: 'invalid_token' }]]],
    ['Bearer error="invalid_token", error_description=The token expired', [['bearer', { error: 'invalid_token', error_description: 'The' }], ['token', {}], ['expired', {}]]],
    ['Basic abc=, NTLM TlRM/SVA+=, Bearer error="invalid_token"', [['basic', {}], ['ntlm', {}], ['bearer', { error: 'invalid_token' }]]],
    ['Bearer realm="never closed, error=invalid_token', [['bearer', {}]]],
  ])('reads %j as %j', (header, challenges) => {
    expect(parseChallenges(header).map(({ scheme, params }) => [scheme, params])).toEqual(challenges);
  });

  it('reads any header without throwing', () => {
    const piece = fc.oneof(fc.constantFrom('Bearer', ' ', ',', '=', '"', '\\', 'error', 'invalid_token', 'realm', 'abc==', ';'), fc.string());
    fc.assert(fc.property(fc.array(piece), (pieces) => void parseChallenges(pieces.join(''))));
  });

  it('reads back the challenges that a header was written from', () => {
    const name = fc.stringMatching(/^[a-z_]{1,8}$/);
    const params = fc.dictionary(name, fc.stringMatching(/^[ -~]{0,12}$/), { minKeys: 1, maxKeys: 3, noNullPrototype: true });
    const challenges = fc.array(fc.record({ scheme: fc.stringMatching(/^[a-z]{2,8}$/), params }), { maxLength: 3 });
    const quote = (value: string) => `"${value.replace(/[\\"]/g, (char) => `\\${char}`)}"`;
    fc.assert(fc.property(challenges, (drawn) => {
      const header = drawn.map(({ scheme, params: own }) => `${scheme} ${Object.entries(own).map(([key, value]) => `${key}=${quote(value)}`).join(', ')}`).join(', ');
      expect(parseChallenges(header)).toEqual(drawn);
    }));
  });
});
