import fc from 'fast-check';
import { MAX_DELAY_MS } from '../../src/core/model/refresh-policy.ts';
import type { SessionEvent } from '../../src/core/model/session-state.ts';
import type { Session, SharedFailure, StorageRecord } from '../../src/core/model/storage-record.ts';
import { IN_COOKIE, type TokenSet } from '../../src/core/model/token-set.ts';

export const instantMs = fc.integer({ min: -62_000_000_000_000, max: 253_000_000_000_000 });
export const duration = fc.oneof(fc.integer({ min: 0, max: 400 * 86_400_000 }), fc.constantFrom(0, 1, 999, 1000, MAX_DELAY_MS, MAX_DELAY_MS + 1));
export const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const secret = fc.stringMatching(/^[A-Za-z0-9._~+/=-]{8,60}$/);
export const tokens: fc.Arbitrary<TokenSet> = fc.record(
  { accessToken: secret, refreshToken: fc.oneof({ arbitrary: secret, weight: 4 }, fc.constant(IN_COOKIE)), expiresAt: fc.option(instantMs), scopes: fc.array(fc.string()), refreshExpiresAt: instantMs },
  { requiredKeys: ['accessToken', 'expiresAt', 'scopes'] },
);
export const receipt = fc.record({ receivedAt: instantMs, lifetimeMs: fc.option(duration), clockOffset: fc.integer() });
const sessionId = fc.constantFrom('a', 'b', 'c');
export const granted: fc.Arbitrary<Session> = fc.record(
  { sessionId, generation: fc.integer({ min: 1, max: 5 }), tokens, receipt, accessGeneration: fc.nat(5), subject: fc.constantFrom('ada', 'bob') },
  { requiredKeys: ['sessionId', 'generation', 'tokens', 'receipt'] },
);
const presumed: fc.Arbitrary<Session> = sessionId.map((id) => ({
  sessionId: id, generation: 0, tokens: { accessToken: '', refreshToken: IN_COOKIE, expiresAt: null, scopes: [] }, receipt: { receivedAt: 0, lifetimeMs: 0, clockOffset: 0 },
}));
export const session: fc.Arbitrary<Session> = fc.oneof({ arbitrary: granted, weight: 5 }, presumed);
export const failure: fc.Arbitrary<SharedFailure> = fc.record(
  {
    kind: fc.constantFrom('transient', 'misconfigured'),
    failureCount: fc.nat(50),
    failedAt: instantMs,
    delayMs: duration,
    mustWait: fc.boolean(),
    detail: fc.string(),
    isUnreadable: fc.constant(true as const),
    refusals: fc.nat(30),
  },
  { requiredKeys: ['kind', 'failureCount', 'failedAt', 'delayMs', 'mustWait', 'detail'] },
);
const revision = fc.nat(20);
const place = { storageId: fc.constantFrom('x', 'x', 'x', 'y'), epoch: fc.nat(4), revision };
export const attemptId = fc.constantFrom('first', 'second');
export const record: fc.Arbitrary<StorageRecord> = fc.oneof(
  fc.record({ status: fc.constant('signedIn' as const), ...place, session, failure: fc.option(failure), pendingAttemptId: fc.option(attemptId), maybeRotated: fc.boolean() }),
  fc.record({
    status: fc.constant('signedOut' as const),
    ...place,
    endedSessionId: fc.option(fc.constantFrom('a', 'b', 'c')),
    endReason: fc.option(fc.constantFrom('sign_out' as const, 'suspended' as const)),
    clearing: fc.option(fc.constant(true as const), { nil: undefined }),
  }),
);
export const at = fc.record({ wall: instantMs, monotonic: fc.nat() });
export const sessionEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
  fc.record({ type: fc.constant('recordRead' as const), record: fc.option(record), at }),
  fc.record({ type: fc.constantFrom('refreshStarted' as const, 'refreshAbandoned' as const), sessionId: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ type: fc.constantFrom('recordDamaged' as const, 'wentOnline' as const) }),
  fc.record({ type: fc.constant('appRefused' as const), of: session, failure }),
);
