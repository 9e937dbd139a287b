import { answerOf } from '../../src/core/model/answer.ts';
import { lifeOf, receiptOf, remainingMs } from '../../src/core/model/token-life.ts';
import { readRefreshAnswer } from '../../src/protocols/oauth2/token-response.ts';
import fc from 'fast-check';
import { buildJwt } from 'unexpired/testing';
import { describe, expect, it } from 'vitest';
import { duration, instantMs } from './arbitraries.ts';

const previous = { accessToken: 'old', refreshToken: 'r', expiresAt: null, scopes: [] };
const seconds = (max: number) => fc.integer({ min: 0, max });

/** A token endpoint's answer, and the clocks of both sides. At least one of its facts shows the API's own time. */
const exchange = fc.record({
  apiNow: fc.integer({ min: 1_000_000_000, max: 4_000_000_000 }).map((s) => s * 1000),
  deviceNow: instantMs,
  /** API clock minus device clock as another tab or another answer has measured it, ms. */
  measured: fc.oneof(fc.constant(0), fc.integer({ min: -1e12, max: 1e12 })),
  life: fc.integer({ min: 4, max: 400 * 86_400 }),
  latencyShare: fc.double({ min: 0, max: 0.2, noNaN: true }),
  /** How much earlier than its answer the token is dated, s. */
  backdated: fc.oneof(fc.constant(0), seconds(900)),
  /** What the server subtracts from `expires_in`, s. */
  cautious: fc.oneof(fc.constant(0), seconds(2)),
  states: fc.constantFrom('expires_in', 'Date', 'both', 'iat'),
  claims: fc.constantFrom('iat and exp', 'exp', 'iat', 'none'),
});
type Exchange = typeof exchange extends fc.Arbitrary<infer T> ? T : never;

/** Returns the receipt of the answer, and when the token's life ends by the device's clock. */
function receive({ apiNow, deviceNow, measured, life, latencyShare, backdated, cautious, states, claims }: Exchange) {
  const hasDate = states === 'Date' || states === 'both';
  const iat = apiNow / 1000 - (states === 'iat' ? 0 : backdated);
  const exp = apiNow / 1000 + life;
  const accessToken = claims === 'none' ? 'opaque' : buildJwt({ ...(claims !== 'exp' && { iat }), ...(claims !== 'iat' && { exp }) });
  const body = JSON.stringify({ access_token: accessToken, ...((states === 'expires_in' || states === 'both') && { expires_in: life - cautious }) });
  const latencyMs = life * 1000 * latencyShare;
  const facts = { requestedAt: deviceNow, answeredAt: deviceNow + latencyMs, clockOffset: hasDate ? apiNow - deviceNow : measured, dated: hasDate, fresh: true };
  const outcome = readRefreshAnswer(answerOf(new Response(), body, deviceNow + facts.clockOffset), previous);
  if (outcome.kind !== 'granted') throw new Error(outcome.kind);
  return { receipt: receiptOf(outcome.tokens, facts, previous), tokens: outcome.tokens, facts, endsAt: deviceNow + latencyMs + life * 1000 };
}

/** Whether the answer states the lifetime in a way that does not depend on the device's clock. */
function isStated({ states, claims, life, backdated }: Exchange): boolean {
  if (claims === 'iat' && backdated > life / 2) return false; // A token that old may be one that the API sends again.
  if (states === 'iat') return claims === 'iat and exp';
  return states !== 'Date' || claims === 'iat and exp' || claims === 'exp';
}

describe('the lifetime of a new access token', () => {
  it('is never longer than the API states, whatever the device’s clock says and however old its `iat` is', () => {
    fc.assert(fc.property(exchange.filter(isStated), (drawn) => {
      const { receipt, facts, endsAt } = receive(drawn);
      expect(receipt.lifetimeMs).not.toBeNull();
      const { leftMs } = lifeOf(receipt, { wall: facts.answeredAt, monotonic: 0 });
      expect(facts.answeredAt + leftMs).toBeLessThanOrEqual(endsAt);
      expect(receipt.lifetimeMs).toBeLessThanOrEqual(drawn.life * 1000);
    }), { numRuns: 2000 });
  });

  it('is nearly as long as the API states, so that a wrong clock causes no additional refresh', () => {
    fc.assert(fc.property(exchange.filter((drawn) => isStated(drawn) && drawn.cautious === 0 && (drawn.backdated === 0 || drawn.claims !== 'iat')), (drawn) => {
      const { receipt } = receive(drawn);
      expect(receipt.lifetimeMs).toBeGreaterThanOrEqual(drawn.life * 1000 - 1000);
    }), { numRuns: 2000 });
  });

  it('passes as the monotonic clock runs, wherever the wall clock jumps', () => {
    fc.assert(fc.property(exchange.filter(isStated), duration, fc.integer({ min: -1e12, max: 1e12 }), (drawn, elapsed, jump) => {
      const { receipt, facts, endsAt } = receive(drawn);
      const life = lifeOf(receipt, { wall: facts.answeredAt, monotonic: 0 });
      const left = remainingMs(life, { wall: facts.answeredAt + elapsed + jump, monotonic: elapsed });
      if (facts.answeredAt + elapsed >= endsAt) expect(left).toBeLessThanOrEqual(0);
    }));
  });
});

it('the measured clock is right if the answer shows the API’s time, however old the `iat` of its token is', () => {
  fc.assert(fc.property(exchange.filter(({ claims, states, cautious }) => claims === 'iat and exp' && states !== 'iat' && cautious === 0), (drawn) => {
    const { receipt } = receive(drawn);
    expect(receipt.clockOffset).toBe(drawn.apiNow - drawn.deviceNow);
  }), { numRuns: 1000 });
});

it('a token that an API sends again does not measure the clock by its `iat`', () => {
  fc.assert(fc.property(exchange.filter(({ states }) => states === 'expires_in'), (drawn) => {
    const { tokens, facts } = receive(drawn);
    expect(receiptOf(tokens, facts, tokens).clockOffset).toBe(facts.clockOffset);
  }));
});
