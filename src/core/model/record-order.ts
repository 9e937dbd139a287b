import { joinFailures } from './refresh-failure.ts';
import { EMPTY_RECORD, isPresumed, type RecordPlace, type StorageRecord } from './storage-record.ts';

/**
 * The largest epoch that cannot be a time. The epoch of a restored session is a count, because no user has acted on the page. So it cannot be
 * compared with the time of a sign-in or sign-out.
 */
const MOST_RESTORES = 99;

/** Whether a record marks the other one's session as ended. Then it is the newer one, regardless of their places. */
export function ends(record: StorageRecord, other: StorageRecord): boolean {
  return record.endedSessionId === idOf(other);
}

/**
 * Returns the newer of two records: the one in this tab's memory or the one in storage.
 *
 * Memory is newer if writing to storage fails; storage is newer as soon as another tab has written.
 *
 * @param now epoch ms by the device's clock; it matters for a tab that has not read storage
 */
export function laterRecord(known: StorageRecord, stored: StorageRecord, now = 0): StorageRecord {
  if (ends(stored, known)) return stored;
  if (known.storageId !== stored.storageId) return laterOfTwoStorages(known, stored, now);
  return !ends(known, stored) && compare(stored, known) > 0 ? stored : known;
}

/**
 * Returns the newer record. If this tab could not store, and another tab has written since, both may have plain writes that
 * the other one lacks. Then the other tab's note stays, and the failures of both count.
 *
 * @param since the revision of the stored record that the tab's record started from; `Infinity` if the tab has stored all
 * @param now epoch ms by the device's clock
 */
export function mergedRecord(known: StorageRecord, stored: StorageRecord, since: number, now: number): StorageRecord {
  const isOlderAt = (revision: number) => laterRecord({ ...known, revision }, stored, now) === stored;
  if (known.status !== 'signedIn' || stored.status !== 'signedIn' || !isOlderAt(since) || isOlderAt(Infinity)) return laterRecord(known, stored, now);
  const revision = 1 + Math.max(known.revision, stored.revision);
  return { ...stored, failure: joinFailures(stored.failure, known.failure, now), maybeRotated: known.maybeRotated || stored.maybeRotated, revision };
}

/** Whether storage lacks what a tab has in memory, for example because site data was cleared. */
export function isBehind(stored: StorageRecord | null, known: StorageRecord): boolean {
  if (stored === null) return known.epoch > 0;
  return (known.storageId === stored.storageId || isPresumedRecord(stored)) && laterRecord(stored, known) !== stored;
}

/** Whether the place of a record that cannot be read shows that it belongs to another session than that of a tab. */
export function isAhead(place: RecordPlace | null, { storageId, epoch }: RecordPlace): boolean {
  return place !== null && storageId !== '' && (place.storageId !== storageId || place.epoch > epoch);
}

/** Returns the record that a sign-in or sign-out starts from, to replace a record that cannot be read. */
export function recordAt(place: RecordPlace, known: StorageRecord): StorageRecord {
  const endedSessionId = known.session?.sessionId ?? known.endedSessionId ?? null;
  const { storageId, epoch, revision } = place;
  return { ...EMPTY_RECORD, storageId, epoch: Math.max(epoch, known.epoch), revision: Math.max(revision, known.revision), endedSessionId };
}

// Storage was emptied and filled again, so its record is what the user did last. There are four exceptions. A page that found it
// empty only presumes a session, so the session or the unconfirmed sign-out of another tab counts more. The user
// signed in or out in this tab later, while storage could not even be read; that session may have ended since. This tab restored a session meanwhile, after what
// storage holds. Or storage holds the start of this tab's own session, written late, and this tab has refreshed since. A stored
// time that is still to come is that of a clock which was set back since, so it does not show that the stored record is later. If
// both times are still to come, they are of that clock and can be compared.
function laterOfTwoStorages(known: StorageRecord, stored: StorageRecord, now: number): StorageRecord {
  const isOlder = idOf(known) === idOf(stored) && generationOf(known) <= generationOf(stored) && known.epoch <= stored.epoch;
  const isByUser = known.epoch > MOST_RESTORES && (known.session ? !isPresumedRecord(known) : known.endReason !== null);
  const isLater = isByUser && !isOlder && (known.epoch >= stored.epoch || (stored.epoch > now && known.epoch <= now));
  const isOnlyPresumed = isPresumedRecord(stored) && (known.session ? !isPresumedRecord(known) : known.clearing === true);
  return isOnlyPresumed || (known.storageId === '' && (isLater || isRestoredSince(known, stored))) ? { ...known, storageId: stored.storageId, epoch: Math.max(known.epoch, stored.epoch + 1) } : stored;
}

/**
 * Whether the API confirmed the cookie of a session later than a stored end, or later than the stored session of another user.
 *
 * If it has not answered yet, its answer will be later than a stored end.
 */
function isRestoredSince({ session }: StorageRecord, stored: StorageRecord): boolean {
  if (typeof session?.tokens.refreshToken !== 'object') return false;
  const isOver = stored.session ? session.subject && stored.session.subject && session.subject !== stored.session.subject : !stored.clearing;
  return Boolean(isOver) && (isPresumed(session) || session.receipt.receivedAt > Math.max(stored.epoch, stored.session?.receipt.receivedAt ?? 0));
}

// The user's sign-ins and sign-outs count first. Two sign-ins can have the same place, for example if storage was cleared in
// between. Then the session ids decide, so that all tabs agree, and a refresh of the other session changes nothing. In one
// session the newer tokens count. Plain writes count last, because a tab that cannot store goes on counting them and must
// not win by that.
function compare(a: StorageRecord, b: StorageRecord): number {
  const byUser = a.epoch - b.epoch || Number(idOf(a) > idOf(b)) - Number(idOf(a) < idOf(b));
  return byUser || generationOf(a) - generationOf(b) || finalityOf(a) - finalityOf(b) || a.revision - b.revision;
}

/** A refused refresh token counts most, then an answer that could not be read. Both count until the next tokens arrive. */
function finalityOf(record: StorageRecord): number {
  if (record.status !== 'signedIn') return 0;
  return record.endsAs ? 2 : Number(record.failure?.isUnreadable ?? false);
}

function isPresumedRecord({ session }: StorageRecord): boolean {
  return session !== undefined && isPresumed(session);
}

function generationOf({ session }: StorageRecord): number {
  return session?.generation ?? 0;
}

function idOf({ session }: StorageRecord): string {
  return session?.sessionId ?? '';
}
