import type { Happening, Story } from './story.ts';

/** What no client can stand, or this one does not yet: as long as a gap is `true`, stories keep clear of it. */
export interface KnownGaps {
  /**
   * Storage fails or is late while there are two tabs or more, as `localStorage` is where one of them wakes once a minute: what a tab knows is then in its memory alone. It is gone
   * with the page, what users do in several tabs has no order, and an attempt cannot be noted. `test/engine` shows
   * what is kept all the same.
   */
  readonly storageFailsForMany: boolean;
  /** While storage cannot be written, every tab has a backoff of its own. */
  readonly failureUnshared: boolean;
}

export const KNOWN_GAPS: KnownGaps = { storageFailsForMany: true, failureUnshared: true };

/** The gaps without those that are said to be mended (`all` for every one). */
export function gapsWithout(mended: readonly string[]): KnownGaps {
  const unknown = mended.filter((name) => name !== 'all' && !(name in KNOWN_GAPS));
  if (unknown.length > 0) throw new RangeError(`Unknown gap ${unknown.join(', ')}; there are: ${Object.keys(KNOWN_GAPS).join(', ')}.`);
  const entries = Object.entries(KNOWN_GAPS).map(([name, open]: [string, boolean]) => [name, open && !mended.includes(name) && !mended.includes('all')]);
  return Object.fromEntries(entries) as KnownGaps;
}

/** The story without what leads into a gap; the one place where stories are kept clear of them. */
export function keepClear(story: Story, gaps: KnownGaps): Story {
  if (!gaps.storageFailsForMany) return story;
  const troubles = (event: Happening) => isStorageTrouble(event) || (story.storage === 'localStorage' && holdsWriteLock(event));
  const lonely = story.tabs === 1 && story.happenings.some(troubles);
  const stays = (event: Happening) => (lonely ? !MULTIPLYING.includes(event.kind) : !troubles(event));
  return { ...story, happenings: story.happenings.filter(stays) };
}

/** What brings up a second page, at once or one after the other. */
const MULTIPLYING: readonly Happening['kind'][] = ['open', 'duplicate', 'reload', 'close', 'kill'];

/** Longer than that, storage is taken for failed. */
const LONG_MS = 1000;

/** A tab that wakes once a minute keeps the lock of a write to `localStorage` for as long, and all others wait. */
function holdsWriteLock(event: Happening): boolean {
  return event.kind === 'background' && event.clampMs > LONG_MS;
}

function isStorageTrouble(event: Happening): boolean {
  return event.kind === 'storage' && (event.fault !== 'none' || event.slowMs > LONG_MS);
}
