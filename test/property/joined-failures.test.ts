import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failChange } from '../../src/core/model/record-change.ts';
import { mergedRecord } from '../../src/core/model/record-order.ts';
import type { SharedFailure } from '../../src/core/model/storage-record.ts';
import { attemptId, failure, instantMs, record } from './arbitraries.ts';

const signedIn = record.filter((drawn) => drawn.status === 'signedIn');
const leftMs = ({ failedAt, delayMs }: SharedFailure, now: number) => Math.min(delayMs, failedAt + delayMs - now);

/** Expects a failure to keep the wait of each of two failures. */
function expectBothWaits(joined: SharedFailure | null, both: readonly (SharedFailure | null)[], now: number) {
  for (const each of both) if (each) expect(leftMs(joined!, now)).toBeGreaterThanOrEqual(leftMs(each, now));
  expect(joined?.isUnreadable).toBe(both.find((each) => each?.isUnreadable)?.isUnreadable);
  expect(joined?.mustWait ?? false).toBe(both.some((each) => each?.mustWait));
}

describe('two failures of one token set', () => {
  it('both count if a tab notes one after its note was lost, and the note of another attempt stays', () => {
    fc.assert(fc.property(signedIn, attemptId, failure, (current, attempt, failed) => {
      const next = failChange({ ...current.session, attemptId: attempt }, failed, false)(current);
      if (next.status !== 'signedIn') return expect.unreachable();
      const isNoted = current.pendingAttemptId === attempt;
      expect(next.pendingAttemptId).toBe(isNoted ? null : current.pendingAttemptId);
      expectBothWaits(next.failure, isNoted ? [failed] : [failed, current.failure], failed.failedAt);
    }));
  });

  it('both count if two tabs could not see each other’s, whichever of them has written more often', () => {
    fc.assert(fc.property(signedIn, fc.option(failure), fc.option(failure), fc.nat(20), instantMs, fc.boolean(), (base, own, other, writes, now, maybeRotated) => {
      const { endsAs: _, ...known } = { ...base, failure: own && { ...own, isUnreadable: undefined } };
      const stored = { ...known, failure: other && { ...other, isUnreadable: undefined }, revision: base.revision + 1, maybeRotated };
      const merged = mergedRecord({ ...known, revision: base.revision + writes }, stored, base.revision, now);
      if (merged.status !== 'signedIn') return expect.unreachable();
      expectBothWaits(merged.failure, [known.failure, stored.failure], now);
      expect(merged.maybeRotated).toBe(known.maybeRotated || maybeRotated);
      expect(merged.revision).toBeGreaterThan(stored.revision);
    }));
  });

  it('are compared by nothing but their places if the tab has stored all that it has', () => {
    fc.assert(fc.property(record, record, instantMs, (known, stored, now) => {
      expect([known, stored].map((each) => ({ ...each, epoch: 0, storageId: '' }))).toContainEqual({ ...mergedRecord(known, stored, Infinity, now), epoch: 0, storageId: '' });
    }));
  });
});
