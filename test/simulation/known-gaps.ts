import type { Scenario, WorldEvent } from './scenario.ts';

/** Situations that no client can withstand, or that this client does not withstand yet. While a gap is `true`, scenarios avoid it. */
export interface KnownGaps {
  /**
   * Storage fails or is slow while two or more tabs are open.
   *
   * A tab's newer state is then in its memory only, and is lost with the page. Sign-ins and sign-outs in several tabs have
   * no common order. No tab can note an attempt. `test/engine` shows what the client still guarantees.
   */
  readonly storageFaultsWithSeveralTabs: boolean;
  /** While storage cannot be written, each tab has a backoff of its own. */
  readonly backoffNotShared: boolean;
}

export const KNOWN_GAPS: KnownGaps = { storageFaultsWithSeveralTabs: true, backoffNotShared: true };

/** Returns the known gaps with the named ones set to `false`; `all` names every gap. */
export function gapsWithout(closed: readonly string[]): KnownGaps {
  const unknown = closed.filter((name) => name !== 'all' && !(name in KNOWN_GAPS));
  if (unknown.length > 0) throw new RangeError(`There is no gap named ${unknown.join(', ')}. The gaps are: ${Object.keys(KNOWN_GAPS).join(', ')}.`);
  const entries = Object.entries(KNOWN_GAPS).map(([name, open]: [string, boolean]) => [name, open && !closed.includes(name) && !closed.includes('all')]);
  return Object.fromEntries(entries) as KnownGaps;
}

/** Removes the events of a scenario that lead into a known gap. */
export function avoidGaps(scenario: Scenario, gaps: KnownGaps): Scenario {
  if (!gaps.storageFaultsWithSeveralTabs) return scenario;
  const staysAlone = scenario.tabs === 1 && scenario.events.some(isStorageFault);
  const isKept = (event: WorldEvent) => (staysAlone ? !OPENS_A_PAGE.includes(event.kind) : !isStorageFault(event));
  return { ...scenario, events: scenario.events.filter(isKept) };
}

/** Events after which there has been more than one page, at once or one after the other. */
const OPENS_A_PAGE: readonly WorldEvent['kind'][] = ['open', 'duplicate', 'reload', 'close', 'kill'];

/** The client treats a storage that is slower than this as failed, ms. */
const SLOW_MS = 1000;

function isStorageFault(event: WorldEvent): boolean {
  return event.kind === 'storage' && (event.fault !== 'none' || event.slowMs > SLOW_MS);
}
