import type { StorageRecord } from './storage-record.ts';

/** Whether a record says that the session of the other one is over: then it counts, whatever their places. */
export function ends(record: StorageRecord, other: StorageRecord): boolean {
  return record.endedSessionId === idOf(other);
}

/**
 * Which of two records holds: what a tab knows, or what it finds in storage.
 *
 * A tab can know more than storage where storage fails; it knows less than storage as soon as another tab has written.
 */
export function laterRecord(known: StorageRecord, stored: StorageRecord): StorageRecord {
  if (ends(stored, known)) return stored;
  if (known.lineage !== stored.lineage) return acrossLineages(known, stored);
  return !ends(known, stored) && compare(stored, known) > 0 ? stored : known;
}

/** Whether storage has forgotten what a tab knows, as when site data is cleared under it. */
export function isBehind(stored: StorageRecord | null, known: StorageRecord): boolean {
  if (stored === null) return known.epoch > 0;
  return known.lineage === stored.lineage && laterRecord(stored, known) !== stored;
}

// Storage was emptied and begun anew behind this tab's back: what was begun there is what the user wants by now,
// unless a user signed in or out right here, while this storage could not even be read. Or it holds the start of this
// tab's own session, stored after all, and this tab has renewed that since.
function acrossLineages(known: StorageRecord, stored: StorageRecord): StorageRecord {
  const isOlder = idOf(known) === idOf(stored) && generationOf(known) <= generationOf(stored);
  return known.lineage === '' && known.epoch > 0 && !isOlder ? { ...known, lineage: stored.lineage, epoch: stored.epoch + 1 } : stored;
}

// What users did counts first, then which tokens are newer. Mere writes count last: a tab that cannot store
// goes on counting them, and must not outrun the others by that. Two sign-ins may have been the same step from one
// record, where storage was cleared in between: then any order will do that is the same for all tabs.
function compare(a: StorageRecord, b: StorageRecord): number {
  return a.epoch - b.epoch || generationOf(a) - generationOf(b) || a.revision - b.revision || Number(idOf(a) > idOf(b));
}

function generationOf({ session }: StorageRecord): number {
  return session?.generation ?? 0;
}

function idOf({ session }: StorageRecord): string {
  return session?.sessionId ?? '';
}
