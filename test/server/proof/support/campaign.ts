import { createRandom, seedOf } from '../../../../bench/fleet/random.ts';
import { findServer, type StoreName } from '../../support/programs.ts';
import { buildScripts, type Scripts } from './build.ts';
import { startFleet } from './fleet.ts';
import { START_PROOF } from './proofs.ts';
import type { Row } from './table.ts';
import { FAULTS, runTrial } from './trial.ts';
import type { Defect } from './types.ts';

/** The options of a campaign. */
export interface CampaignOptions {
  readonly seed: number;
  readonly sessions: number;
  readonly instances: number;
  readonly stores: readonly StoreName[];
  /** The names of the faults, in order. */
  readonly faults: readonly string[];
  readonly defect?: Defect | null;
  readonly onRow?: (row: Row) => void;
}

/** Runs one trial for each store and fault, one after the other. A store that is not installed is left out. */
export async function runCampaign(options: CampaignOptions): Promise<Row[]> {
  const scripts = await buildScripts();
  try {
    const rows: Row[] = [];
    for (const name of options.stores) rows.push(...(await onStore(name, scripts.paths, options)));
    return rows;
  } finally {
    await scripts.remove();
  }
}

async function onStore(name: StoreName, scripts: Scripts, { seed, sessions, instances: count, faults, defect = null, onRow }: CampaignOptions): Promise<Row[]> {
  const bin = findServer(name);
  if (bin === null) return [];
  const store = await START_PROOF[name](bin);
  try {
    const fleet = await startFleet({ scripts, stores: store.addresses, count, defect });
    const rows: Row[] = [];
    try {
      for (const fault of faults) {
        if (fault === 'the store evicts sessions' && !store.evict) continue;
        const verdict = await runTrial({ fleet, store, fault, sessions, random: createRandom(seedOf(seed, `${name} ${fault}`)), prefix: `${name}-${Object.keys(FAULTS).indexOf(fault)}` });
        rows.push({ store: store.name, fault, verdict });
        onRow?.({ store: store.name, fault, verdict });
      }
      return rows;
    } finally {
      await fleet.stop();
    }
  } finally {
    await store.stop();
  }
}
