import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Instant } from '../../src/core/model/instant.ts';
import { earliest, limitedEnds, needsStamps, stampChange, timesOf, withActivity, type SessionTimes } from '../../src/core/model/session-end.ts';
import { EMPTY_RECORD, type Session, type SignedInRecord } from '../../src/core/model/storage-record.ts';

const IDLE_MS = 900_000;
const LIMITS = { idleMs: IDLE_MS, sessionMs: 12 * 3_600_000 };
const START = Date.UTC(2026, 0, 1);

const sessionOf = (stamps: object = {}): Session => ({
  sessionId: 'a', generation: 1, tokens: { accessToken: 'a', expiresAt: null, scopes: [] }, receipt: { receivedAt: START, lifetimeMs: null, clockOffset: 0 }, ...stamps,
});
const recordOf = (session: Session): SignedInRecord => ({ status: 'signedIn', storageId: 'x', epoch: 1, revision: 1, session, failure: null, pendingAttemptId: null, maybeRotated: false });
const idleLeft = (times: SessionTimes, at: Instant) => limitedEnds(times, LIMITS, at)[0]!.leftMs;

/** What the clocks do between two readings: time that passes, and a jump of the wall clock. */
const step = fc.record({ passedMs: fc.nat(600_000), jumpMs: fc.oneof(fc.constant(0), fc.integer({ min: -86_400_000, max: 86_400_000 })) });
const move = ({ wall, monotonic }: Instant, { passedMs, jumpMs }: { readonly passedMs: number; readonly jumpMs: number }): Instant => ({ wall: wall + passedMs + jumpMs, monotonic: monotonic + passedMs });

it('without activity, the idle end comes nearer by the time that passes at least, whatever the clock does and however often it is read', () => {
  fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
    let at: Instant = { wall: START, monotonic: 0 };
    let times = timesOf(sessionOf(), at, null);
    let left = idleLeft(times, at);
    for (const next of steps) {
      at = move(at, next);
      times = timesOf(sessionOf(), at, times);
      const now = idleLeft(times, at);
      expect(now).toBeLessThanOrEqual(left - next.passedMs + 1000); // A second of a jump may be taken back.
      left = now;
    }
    expect(left).toBeLessThanOrEqual(IDLE_MS - at.monotonic);
  }));
});

it('activity never makes an end earlier, and never moves the longest time', () => {
  fc.assert(fc.property(fc.array(fc.tuple(step, fc.integer({ min: -86_400_000, max: 86_400_000 })), { minLength: 1, maxLength: 20 }), (steps) => {
    let at: Instant = { wall: START, monotonic: 0 };
    let times = timesOf(sessionOf(), at, null);
    for (const [next, stampMs] of steps) {
      at = move(at, next);
      times = timesOf(sessionOf(), at, times);
      const active = withActivity(times, at.wall + stampMs, at);
      expect(idleLeft(active, at)).toBeGreaterThanOrEqual(idleLeft(times, at));
      expect(limitedEnds(active, LIMITS, at)[1]).toEqual(limitedEnds(times, LIMITS, at)[1]);
      times = active;
    }
  }));
});

it('a page that loads reads the times that an open tab has written, whatever the clock did before', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 10 }), fc.nat(3_600_000), (steps, laterMs) => {
    let at: Instant = { wall: START, monotonic: 0 };
    let times = timesOf(sessionOf(), at, null);
    for (const next of steps) {
      at = move(at, next);
      times = timesOf(sessionOf(), at, times);
    }
    const written = stampChange(times, at)(recordOf(sessionOf()));
    expect(written.session).toMatchObject({ sessionId: 'a', generation: 1 });
    expect(needsStamps(timesOf(written.session!, at, times), at)).toBe(false);
    const loaded = move(at, { passedMs: laterMs, jumpMs: 0 });
    const page = timesOf(written.session!, { ...loaded, monotonic: 0 }, null);
    for (const [index, { leftMs }] of limitedEnds(page, LIMITS, { ...loaded, monotonic: 0 }).slice(0, 2).entries()) {
      expect(Math.abs(leftMs - (limitedEnds(times, LIMITS, at)[index]!.leftMs - laterMs))).toBeLessThanOrEqual(1000);
    }
  }));
});

it('a stamp that lies ahead of the clock ends the session of a page that loads', () => {
  fc.assert(fc.property(fc.integer({ min: 1001, max: 86_400_000 }), (aheadMs) => {
    const at = { wall: START, monotonic: 0 };
    const times = timesOf(sessionOf({ activeAt: START + aheadMs, startedAt: START }), at, null);
    expect(earliest(limitedEnds(times, LIMITS, at))).toEqual({ cause: 'idle', leftMs: -Infinity });
  }));
});

it('stamps that are no numbers count as missing ones, and the session counts from its tokens', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.constantFrom(null, NaN, Infinity, {}, [])), (stamp) => {
    const at = { wall: START + 60_000, monotonic: 0 };
    const times = timesOf(sessionOf({ activeAt: stamp, startedAt: stamp }), at, null);
    expect(idleLeft(times, at)).toBe(IDLE_MS - 60_000);
    expect(needsStamps(times, at)).toBe(true);
  }));
});

it('a stamp of another session changes nothing', () => {
  fc.assert(fc.property(fc.nat(), (revision) => {
    const times = timesOf(sessionOf(), { wall: START, monotonic: 0 }, null);
    const other = { ...recordOf({ ...sessionOf(), sessionId: 'b' }), revision };
    for (const record of [other, EMPTY_RECORD]) expect(stampChange(times, { wall: START, monotonic: 0 })(record)).toBe(record);
  }));
});
