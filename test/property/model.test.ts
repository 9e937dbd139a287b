import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuthError } from '../../src/core/model/auth-error.ts';
import { noteAttemptChange, refuseChange, commitChange, endChange, signInChange, signOutChange } from '../../src/core/model/record-change.ts';
import { ends, laterRecord } from '../../src/core/model/record-order.ts';
import { backoffMs, dueInMs, leadMs, MAX_DELAY_MS, parseHttpDate, parseRetryAfter, stepMs } from '../../src/core/model/refresh-policy.ts';
import { reduceSession } from '../../src/core/model/session-reducer.ts';
import type { SessionEvent, SessionState } from '../../src/core/model/session-state.ts';
import { snapshotOf } from '../../src/core/model/snapshot.ts';
import { decodeRecord, encodeRecord, isPresumed, type SignedInRecord, type StorageRecord } from '../../src/core/model/storage-record.ts';
import { lifeOf, receiptOf, remainingMs } from '../../src/core/model/token-life.ts';
import { refreshTextOf } from '../../src/core/model/token-set.ts';
import { decide, nextRefreshInMs } from '../../src/core/model/token-decision.ts';
import { instantMs, duration, random, tokens, receipt, session, failure, attemptId, record, at, sessionEvent } from './arbitraries.ts';

/** Why a session ends whose refresh token the API refuses. */
const lostReasonOf = ({ maybeRotated, failure: last }: SignedInRecord) => (!maybeRotated ? 'refresh_token_invalid' : last?.isUnreadable ? 'answer_unreadable' : 'rotation_lost');

describe('the session reducer', () => {
  const run = (events: SessionEvent[]) => events.reduce<SessionState[]>((states, event) => [...states, reduceSession(states.at(-1)!, event)], [{ status: 'loading' }]);
  it('never returns to loading, nor to an earlier record unless that ends its session', () => {
    fc.assert(fc.property(fc.array(sessionEvent, { maxLength: 30 }), (events) => {
      const states = run(events);
      states.slice(1).forEach((state, index) => {
        const before = states[index]!;
        if (before.status === 'loading') return;
        expect(state.status).not.toBe('loading');
        if (state.status === 'loading' || ends(state.record, before.record) || state.record.storageId !== before.record.storageId) return;
        expect(state.record.epoch).toBeGreaterThanOrEqual(before.record.epoch);
      });
    }));
  });

  it('never revives the session that has just ended', () => {
    fc.assert(fc.property(fc.array(sessionEvent, { maxLength: 30 }), (events) => {
      const states = run(events);
      states.slice(1).forEach((state, index) => {
        const before = states[index]!;
        if (before.status === 'signedOut' && state.status === 'signedIn' && state.record.storageId === before.record.storageId) {
          expect(state.record.session.sessionId).not.toBe(before.record.endedSessionId);
        }
      });
    }), { numRuns: 1000 });
  });

  it('shows tokens exactly while signed in, and an error exactly while waiting or blocked', () => {
    fc.assert(fc.property(fc.array(sessionEvent, { maxLength: 30 }), (events) => {
      for (const state of run(events)) {
        const snapshot = snapshotOf(state, 'memory');
        expect(snapshot.tokens !== null && snapshot.status === 'signedIn').toBe(state.status === 'signedIn' && !isPresumed(state.record.session));
        expect(snapshot.refresh.error !== null).toBe(['waiting', 'blocked'].includes(snapshot.refresh.state));
        if (state.status !== 'signedIn') expect(snapshot.refresh.state).toBe('idle');
      }
    }));
  });

  it('returns the same object for an event that changes nothing', () => {
    fc.assert(fc.property(fc.array(sessionEvent, { maxLength: 10 }), (events) => {
      const last = run(events).at(-1)!;
      if (last.status === 'loading') return;
      expect(reduceSession(last, { type: 'recordRead', record: last.record, at: { wall: 0, monotonic: 0 } })).toBe(last);
    }));
  });

  it('blocks refreshes when the API refuses the app, unless the tokens were refreshed since', () => {
    fc.assert(fc.property(session, failure, at, fc.boolean(), (held, refusal, now, isLate) => {
      const record: StorageRecord = { status: 'signedIn', storageId: 'x', epoch: 1, revision: 1, session: held, failure: null, pendingAttemptId: null, maybeRotated: false };
      const state = reduceSession({ status: 'loading' }, { type: 'recordRead', record, at: now });
      const generation = isLate ? held.generation - 1 : held.generation;
      const next = reduceSession(state, { type: 'appRefused', of: { sessionId: held.sessionId, generation }, failure: refusal });
      if (isLate) expect(next).toBe(state);
      else expect(next).toMatchObject({ refresh: { state: 'blocked', failure: refusal } });
    }));
  });

  it('always yields a decision for a call, and a delay that timers support for the scheduler', () => {
    const demand = fc.record({ sessionId: fc.option(fc.constantFrom('a', 'b')), rejectedGeneration: fc.option(fc.nat(5)), minValidityMs: duration, patienceMs: duration });
    fc.assert(fc.property(fc.array(sessionEvent, { maxLength: 10 }), demand, at, duration, random, (events, request, now, lead, spread) => {
      const state = run(events).at(-1)!;
      const verdict = decide(state, request, now);
      expect(['use', 'refresh', 'wait', 'fail']).toContain(verdict.kind);
      if (verdict.kind === 'fail') expect(AuthError.is(verdict.error)).toBe(true);
      if (verdict.kind === 'use' && request.sessionId !== null) expect(verdict.state.record.session.sessionId).toBe(request.sessionId);
      const due = nextRefreshInMs(state, lead, spread, now);
      if (due !== null) expect(due >= 0 && due <= MAX_DELAY_MS && Number.isInteger(due)).toBe(true);
    }));
  });
});

describe('a change of the stored record', () => {
  const claim = fc.record({ sessionId: fc.constantFrom('a', 'b', 'c'), generation: fc.nat(5), attemptId: fc.option(attemptId) });
  const holds = (current: StorageRecord, held: { sessionId: string; generation: number }) =>
    current.status === 'signedIn' && current.session.sessionId === held.sessionId && current.session.generation === held.generation;

  it('by a refresh applies only to the token set that was refreshed', () => {
    fc.assert(fc.property(record, claim, tokens, receipt, (current, held, refreshed, received) => {
      const next = commitChange(held, refreshed, received)(current);
      expect(next !== current).toBe(holds(current, held));
      if (next === current || current.status !== 'signedIn') return;
      expect(next).toMatchObject({ pendingAttemptId: current.pendingAttemptId === held.attemptId ? null : current.pendingAttemptId, maybeRotated: false, failure: null, revision: current.revision + 1 });
    }));
  });

  it('by the end of a session applies only while no other attempt has started', () => {
    fc.assert(fc.property(record, claim, (current, held) => {
      const mine = holds(current, held) && current.status === 'signedIn' && (held.attemptId === null || held.attemptId === current.pendingAttemptId);
      expect(endChange(held, 'suspended')(current) !== current).toBe(mine);
    }));
  });

  it('by the note of an attempt applies only if no other attempt started or failed since and the API has not refused the token, and marks a possible rotation if it replaces a note', () => {
    fc.assert(fc.property(record, fc.option(record, { freq: 3 }), fc.option(failure), (current, other, failed) => {
      const seen = other ?? (current.status === 'signedIn' && failed ? { ...current, failure: failed } : current);
      if (seen.status !== 'signedIn') return;
      const next = noteAttemptChange(seen, 'mine')(current);
      const same = holds(current, seen.session) && current.status === 'signedIn' && current.pendingAttemptId === seen.pendingAttemptId
        && current.failure?.failureCount === seen.failure?.failureCount && current.failure?.failedAt === seen.failure?.failedAt && refreshTextOf(current.session.tokens) === refreshTextOf(seen.session.tokens);
      expect(next !== current).toBe(same);
      if (next === current || current.status !== 'signedIn') return;
      expect(next).toMatchObject({ pendingAttemptId: 'mine', maybeRotated: current.maybeRotated || current.pendingAttemptId !== null, session: current.session });
    }));
  });

  it('by a refusal that lets the access token live drops the refresh token, and keeps why the session ends until it does', () => {
    fc.assert(fc.property(record, claim, (current, held) => {
      const next = refuseChange(held, 'refresh_token_invalid')(current);
      expect(next !== current).toBe(endChange(held, 'suspended')(current) !== current);
      if (next === current || current.status !== 'signedIn' || next.status !== 'signedIn') return;
      expect(next.session.tokens).toEqual({ ...current.session.tokens, refreshToken: undefined, refreshExpiresAt: undefined });
      expect(next).toMatchObject({ session: { generation: current.session.generation }, failure: null, pendingAttemptId: null });
      expect(endChange(next.session, 'token_rejected')(next)).toMatchObject({ endReason: isPresumed(current.session) ? null : lostReasonOf(current) });
      expect(decodeRecord(encodeRecord(next))).toEqual({ kind: 'record', record: JSON.parse(JSON.stringify(next)) });
    }));
  });

  it('by the end of a session has the reason rotation_lost or answer_unreadable exactly if an answer was lost or could not be read', () => {
    fc.assert(fc.property(record, claim, (current, held) => {
      const next = endChange(held, 'refresh_token_invalid')(current);
      if (next === current || current.status !== 'signedIn') return;
      expect(next).toMatchObject({ endReason: isPresumed(current.session) ? null : lostReasonOf(current) });
    }));
  });

  it('by a sign-out leaves no token, and a second one changes nothing', () => {
    fc.assert(fc.property(record, fc.option(fc.constantFrom('a', 'b')), fc.nat(9), (current, ended, actedAt) => {
      const next = signOutChange(ended, actedAt)(current);
      expect([next.status, next.endReason, 'session' in next]).toEqual(['signedOut', 'sign_out', false]);
      if (current.status !== 'signedIn') return;
      expect(next.epoch).toBe(Math.max(current.epoch + 1, actedAt));
      expect(signOutChange(current.session.sessionId, actedAt)(next)).toBe(next);
    }));
  });

  it('by a sign-in is refused only after a later sign-out, or if it was already made', () => {
    fc.assert(fc.property(record, session, fc.nat(4), instantMs, (current, started, askedIn, actedAt) => {
      const next = signInChange(started, askedIn, actedAt)(current);
      const known = current.status === 'signedIn' ? current.session.sessionId : current.endedSessionId;
      const signedOut = current.status === 'signedOut' && current.endReason === 'sign_out' && current.epoch > askedIn;
      expect(next === current).toBe(signedOut || known === started.sessionId);
      expect(signInChange(started, askedIn, actedAt)(next)).toBe(next);
    }));
  });

  it('that cannot be stored never outranks newer tokens or a later action of a user by its revision', () => {
    fc.assert(fc.property(record, record, (known, stored) => {
      const [busy, calm] = [{ ...known, revision: 1000 }, { ...stored, storageId: known.storageId }];
      if (ends(busy, calm) || ends(calm, busy)) return;
      const newer = busy.status === 'signedIn' && calm.status === 'signedIn' && calm.session.sessionId === busy.session.sessionId && calm.session.generation > busy.session.generation;
      if (calm.epoch > busy.epoch || (calm.epoch === busy.epoch && newer)) expect(laterRecord(busy, calm)).toBe(calm);
    }));
  });

  it('of two sessions at the same place outranks the other regardless of the refreshes of both', () => {
    fc.assert(fc.property(record, record, fc.integer({ min: 1, max: 9 }), (known, other, generation) => {
      fc.pre(known.status === 'signedIn' && other.status === 'signedIn' && known.session.sessionId !== other.session.sessionId);
      const stored = { ...other, storageId: known.storageId, epoch: known.epoch };
      expect(laterRecord({ ...stored, session: { ...other.session, generation } }, known) === known).toBe(laterRecord(known, stored) === known);
    }));
  });

  it('by a user while storage could not be read outranks a record that is read later, unless the clock shows that it is of a later act', () => {
    fc.assert(fc.property(record, record.map((read) => ({ ...read, epoch: 100 + read.epoch })), fc.nat(9), fc.integer({ min: 101, max: 109 }), (known, stored, laterMs, now) => { // Smaller epochs are of no act.
      const here = { ...known, storageId: '', epoch: now < stored.epoch ? Math.min(100 + laterMs, now) : stored.epoch + laterMs };
      fc.pre(here.status === 'signedIn' ? !isPresumed(here.session) : here.endReason === 'sign_out'); // A presumed session is not by a user.
      fc.pre(!ends(stored, here)); // A record that ends a session is written only after that session was read.
      const kept = laterRecord(here, stored, now);
      const isFirst = kept === stored || (kept.epoch > stored.epoch && kept.epoch >= here.epoch); // It is `stored` if both are one session.
      expect([kept.status, kept.storageId, isFirst, laterRecord(here, kept, now)]).toEqual([here.status, stored.storageId, true, kept]);
    }));
  });

  it('that is presumed while storage could not be read never outranks a stored session or an unconfirmed sign-out, and always another end', () => {
    fc.assert(fc.property(record, record, fc.integer({ min: -9, max: 9 }), (known, stored, now) => {
      fc.pre(known.status === 'signedIn' && isPresumed(known.session) && !ends(stored, known));
      const mustYield = stored.status === 'signedIn' || stored.clearing === true;
      expect(laterRecord({ ...known, storageId: '' }, stored, now) === stored).toBe(mustYield);
    }));
  });
});

describe('the storage codec', () => {
  // claim: record-survives-a-round-trip
  it('decodes every record that it encoded', () => {
    fc.assert(fc.property(record, (written) => {
      expect(decodeRecord(encodeRecord(written))).toEqual({ kind: 'record', record: JSON.parse(JSON.stringify(written)) });
    }));
  });

  it('classifies any other value as absent, damaged or newer, and never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.anything(), fc.json(), fc.string()), (raw) => {
      expect(['absent', 'damaged', 'newer']).toContain(decodeRecord(raw).kind);
    }));
  });

  it('treats a record with one invalid member as damaged', () => {
    fc.assert(fc.property(session, fc.constantFrom('sessionId', 'generation', 'tokens', 'receipt'), (good, member) => {
      const whole = { version: 1, status: 'signedIn', lineage: 'x', epoch: 1, revision: 1, failure: null, asking: null, inDoubt: false, session: good };
      expect(decodeRecord(JSON.stringify(whole)).kind).toBe('record');
      expect(decodeRecord(JSON.stringify({ ...whole, session: { ...good, [member]: null } })).kind).toBe('damaged');
    }));
  });
});

describe('the refresh policy', () => {
  it('never returns a delay that timers do not support', () => {
    fc.assert(fc.property(fc.double(), duration, random, fc.integer({ min: 1, max: 10_000 }), fc.option(fc.double({ noNaN: true })), (remaining, lead, draw, failureCount, retryAfter) => {
      const delays = [Number.isNaN(remaining) ? 0 : dueInMs(remaining, lead, draw), backoffMs(failureCount, draw, retryAfter)];
      for (const delay of delays) if (delay !== null) expect([delay, stepMs(delay)].every((ms) => ms >= 0 && ms <= MAX_DELAY_MS)).toBe(true);
    }));
  });

  it('refreshes ahead of expiry by at most the configured lead, and never in the first half of a life', () => {
    fc.assert(fc.property(fc.integer({ min: 1000, max: 86_400_000 }), fc.nat(3_600_000), random, (lifetime, longestLead, spread) => {
      const due = dueInMs(lifetime, leadMs(lifetime, longestLead), spread)!;
      expect(due).toBeLessThanOrEqual(lifetime);
      expect(due).toBeGreaterThanOrEqual(Math.max(lifetime / 2, lifetime - longestLead));
    }));
  });

  it('waits at most 67 s by itself, and at least as long as Retry-After demands, up to an hour', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10_000 }), random, fc.nat(86_400_000), (failureCount, draw, retryAfter) => {
      expect(backoffMs(failureCount, draw, null)).toBeLessThanOrEqual(67_000);
      expect(backoffMs(failureCount, draw, retryAfter)).toBeGreaterThanOrEqual(Math.min(retryAfter, 3_600_000));
      expect(backoffMs(failureCount, draw, 0)).toBeGreaterThanOrEqual(100);
    }));
  });

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 7000],
    ['Sun, 06 Nov 1994 08:49:00 GMT', 0],
    ['', null],
    ['3600abc', null],
    ['-5', null],
    ['1.5', null],
    ['tomorrow', null],
    [null, null],
  ])('reads Retry-After %j as %j ms', (header, wait) => {
    expect(parseRetryAfter(header, Date.UTC(1994, 10, 6, 8, 49, 30))).toBe(wait);
  });

  it('parses every HTTP date', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
      expect(parseHttpDate(new Date(seconds * 1000).toUTCString())).toBe(seconds * 1000);
    }));
  });
});

describe('the life of a token', () => {
  const sent = { requestedAt: instantMs, clockOffset: instantMs, fresh: fc.boolean(), dated: fc.boolean() };
  const facts = fc.tuple(fc.record(sent), fc.nat(600_000)).map(([known, latency]) => ({ ...known, answeredAt: known.requestedAt + latency }));

  it('shrinks at least as fast as the monotonic clock runs, however the wall clock moves', () => {
    fc.assert(fc.property(receipt, at, fc.array(fc.record({ wall: fc.integer({ min: -1e12, max: 1e12 }), monotonic: fc.nat(1e9) })), (received, start, moves) => {
      const anchor = lifeOf(received, start);
      expect(anchor.leftMs).toBeLessThanOrEqual(received.lifetimeMs ?? Infinity);
      let monotonic = start.monotonic;
      for (const move of moves) {
        monotonic += move.monotonic;
        expect(remainingMs(anchor, { wall: start.wall + move.wall, monotonic })).toBeLessThanOrEqual(anchor.leftMs - (monotonic - start.monotonic));
      }
    }));
  });

  it('is never negative at receipt, and unlimited if the token has no expiry', () => {
    fc.assert(fc.property(tokens, facts, (set, known) => {
      const { lifetimeMs } = receiptOf(set, known);
      expect(lifetimeMs ?? 0).toBeGreaterThanOrEqual(0);
      if (set.expiresAt === null) expect(lifetimeMs).toBeNull();
    }));
  });

  it('is never over when a new token is received, so no refresh loop starts', () => {
    fc.assert(fc.property(tokens, facts, (set, known) => {
      const received = receiptOf(set, { ...known, fresh: true });
      expect(lifeOf(received, { wall: known.answeredAt, monotonic: 0 }).leftMs).toBeGreaterThan(0);
    }));
  });
});
