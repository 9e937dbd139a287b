import fc from 'fast-check';
import { expect, it } from 'vitest';
import { noteSignInChange, signInChange, signOutChange } from '../../src/core/model/record-change.ts';
import { ends, laterRecord } from '../../src/core/model/record-order.ts';
import { decodeRecord, EMPTY_RECORD, encodeRecord, isPresumed, type StorageRecord } from '../../src/core/model/storage-record.ts';
import { granted, instantMs, record } from './arbitraries.ts';

/** A sign-in or sign-out in one of three tabs: how long after the act before, and whether storage answered it. */
const act = fc.record({ tab: fc.nat(2), isSignIn: fc.boolean(), afterMs: fc.integer({ min: 1, max: 60_000 }), isStored: fc.boolean(), session: granted });
const acts = fc.array(act, { minLength: 1, maxLength: 12 });
const order = fc.shuffledSubarray([0, 1, 2], { minLength: 3, maxLength: 3 });

/** The records of three tabs, and the stored one. Before the first act, storage has the record of an act of long ago. */
interface Device {
  readonly known: StorageRecord[];
  stored: StorageRecord;
}

/** Carries out the acts. A tab whose act is stored sees the record that was stored before. Others see only their own record. */
function run(drawn: readonly (typeof act extends fc.Arbitrary<infer T> ? T : never)[], startsAt: number, hasRead: boolean, clockOf: (index: number, now: number) => number): Device {
  const stored: StorageRecord = { ...EMPTY_RECORD, storageId: 'x', epoch: 3, revision: 5, endReason: 'sign_out' };
  const device: Device = { known: [0, 1, 2].map(() => (hasRead ? stored : EMPTY_RECORD)), stored };
  let now = startsAt;
  drawn.forEach(({ tab, isSignIn, afterMs, isStored, session: started }, index) => {
    now += afterMs;
    const at = clockOf(index, now);
    const own = device.known[tab]!;
    const current = isStored ? laterRecord(own, device.stored, at) : own;
    const sessionId = `s-${index}`;
    const receipt = { ...started.receipt, receivedAt: at };
    const change = isSignIn ? signInChange({ ...started, sessionId, receipt }, Infinity, at) : signOutChange(own.session?.sessionId ?? null, at);
    device.known[tab] = change(current);
    if (isStored) device.stored = device.known[tab];
  });
  return device;
}

/** Lets each tab read storage, and write back what is newer there. */
function recover(device: Device, tabs: readonly number[], now = Infinity): StorageRecord {
  for (const tab of [...tabs, ...tabs]) {
    device.known[tab] = laterRecord(device.known[tab]!, device.stored, now);
    device.stored = device.known[tab];
  }
  return device.stored;
}

const sessionOf = ({ session: held }: StorageRecord) => held?.sessionId ?? null;

it('the latest of several sign-ins and sign-outs counts in all tabs, whichever of them storage answered and in which order the tabs write them', () => {
  fc.assert(fc.property(acts, fc.integer({ min: 1e12, max: 4e12 }), fc.boolean(), order, (drawn, startsAt, hasRead, tabs) => {
    const device = run(drawn, startsAt, hasRead, (_, now) => now);
    const final = recover(device, tabs);
    const last = drawn.at(-1)!;
    expect(sessionOf(final)).toBe(last.isSignIn ? `s-${drawn.length - 1}` : null);
    for (const known of device.known) expect(sessionOf(known)).toBe(sessionOf(final));
  }), { numRuns: 2000 });
});

it('an act counts more than the acts that its tab has seen, however wrong the clock is', () => {
  fc.assert(fc.property(acts, fc.array(instantMs, { minLength: 12, maxLength: 12 }), order, (drawn, clock, tabs) => {
    const seen = drawn.map((one) => ({ ...one, isStored: true }));
    const device = run(seen, 0, true, (index) => clock[index]!);
    const last = seen.at(-1)!;
    expect(sessionOf(recover(device, tabs))).toBe(last.isSignIn ? `s-${drawn.length - 1}` : null);
  }), { numRuns: 1000 });
});

it('of two acts by a clock that was set back since, the later one counts', () => {
  fc.assert(fc.property(acts, fc.integer({ min: 1e12, max: 4e12 }), order, (drawn, startsAt, tabs) => {
    const device = run(drawn, startsAt, false, (_, now) => now);
    const last = drawn.at(-1)!;
    expect(sessionOf(recover(device, tabs, startsAt - 1))).toBe(last.isSignIn ? `s-${drawn.length - 1}` : null);
  }), { numRuns: 1000 });
});

it('an act gets a record that every tab can read, however wrong the clock is', () => {
  fc.assert(fc.property(granted, fc.oneof(instantMs, fc.double({ min: -1e15, max: 1e15, noNaN: true })), (started, at) => {
    const record = signInChange(started, Infinity, at)({ ...EMPTY_RECORD, storageId: 'x' });
    expect(decodeRecord(encodeRecord(record)).kind).toBe('record');
  }));
});

it('a record loses to a later one, and of two equal records the first one stays', () => {
  fc.assert(fc.property(record, record, (known, stored) => {
    // A session that is only presumed loses to a session, and to a sign-out that the API has not confirmed.
    const outranks = stored.session && isPresumed(stored.session) && (known.session ? !isPresumed(known.session) : known.clearing);
    const kept = outranks ? { ...known, storageId: stored.storageId, epoch: expect.any(Number) } : stored;
    if (known.storageId !== stored.storageId) expect(laterRecord(known, stored)).toEqual(kept);
    else if (!ends(known, stored) && !ends(stored, known)) expect(laterRecord(known, stored).epoch).toBe(Math.max(known.epoch, stored.epoch));
  }));
  expect(laterRecord(EMPTY_RECORD, { ...EMPTY_RECORD })).toBe(EMPTY_RECORD);
});

it('notes a sign-in if the attempt that it has waited for is over, and not if another one has begun since', () => {
  const noted = (pendingAttemptId: string | null) => noteSignInChange('tab-2-1', 'tab-1-1', 5)({ ...EMPTY_RECORD, pendingAttemptId }).pendingAttemptId;
  expect([noted(null), noted('tab-2-1'), noted('tab-3-1')]).toEqual(['tab-1-1', 'tab-1-1', 'tab-3-1']);
});
