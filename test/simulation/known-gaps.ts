import type { Happening, Story } from './story.ts';

/** What the client is known not to stand yet: as long as a gap is `true`, stories keep clear of it. */
export interface KnownGaps {
  /** The answer of a rotation is lost, and the server has no grace period. */
  readonly answerLost: boolean;
  /** Storage that fails or is late, with two tabs or more. */
  readonly storageFailsForMany: boolean;
  /** No Web Locks, with two tabs or more. */
  readonly noLocksForMany: boolean;
  /** Site data cleared under two open tabs or more. */
  readonly clearedUnderMany: boolean;
  /** The device is offline for a while. */
  readonly offline: boolean;
  /** A tab is frozen while it holds a lock or waits for one. */
  readonly frozenHolder: boolean;
  /** The wall clock is set back, and a page that is opened later counts the token's life by it. */
  readonly clockSetBack: boolean;
  /** While storage cannot be written, every tab has a backoff of its own. */
  readonly failureUnshared: boolean;
  /** A client that is disposed of right after a sign-out does not tell the other tabs. */
  readonly closedUnheard: boolean;
}

export const KNOWN_GAPS: KnownGaps = {
  answerLost: false,
  storageFailsForMany: true,
  noLocksForMany: false,
  clearedUnderMany: true,
  offline: false,
  frozenHolder: false,
  clockSetBack: false,
  failureUnshared: true,
  closedUnheard: false,
};

/** The gaps without those that are said to be mended (`all` for every one). */
export function gapsWithout(mended: readonly string[]): KnownGaps {
  const unknown = mended.filter((name) => name !== 'all' && !(name in KNOWN_GAPS));
  if (unknown.length > 0) throw new RangeError(`Unknown gap ${unknown.join(', ')}; there are: ${Object.keys(KNOWN_GAPS).join(', ')}.`);
  const entries = Object.entries(KNOWN_GAPS).map(([name, open]: [string, boolean]) => [name, open && !mended.includes(name) && !mended.includes('all')]);
  return Object.fromEntries(entries) as KnownGaps;
}

/** The story without what leads into a gap; the one place where stories are kept clear of them. */
export function keepClear(story: Story, gaps: KnownGaps): Story {
  const hasLocks = story.hasLocks || (gaps.noLocksForMany && story.tabs > 1);
  const lonely = story.tabs === 1 && ((gaps.noLocksForMany && !hasLocks) || story.happenings.some((event) => isForOne(event, gaps)));
  const stays = (event: Happening) => {
    if (gaps.offline && event.kind === 'online') return false;
    if (gaps.answerLost && !story.grace && losesAnswers(event)) return false;
    return lonely ? !MULTIPLYING.includes(event.kind) : !isForOne(event, gaps);
  };
  return { ...story, hasLocks, happenings: story.happenings.filter(stays) };
}

/** What brings up a second page, at once or one after the other. */
const MULTIPLYING: readonly Happening['kind'][] = ['open', 'duplicate', 'reload', 'close', 'kill'];

/** Longer than that, storage is taken for failed. */
const LONG_MS = 1000;

function isForOne(event: Happening, gaps: KnownGaps): boolean {
  if (event.kind === 'clear') return gaps.clearedUnderMany;
  return event.kind === 'storage' && gaps.storageFailsForMany && (event.fault !== 'none' || event.slowMs > LONG_MS);
}

function losesAnswers(event: Happening): boolean {
  if (event.kind === 'network') return event.fault === 'dropAfter' || event.fault === 'hangAfter';
  return event.kind === 'kill' || event.kind === 'reload';
}
