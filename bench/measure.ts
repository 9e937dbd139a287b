import { launchBrowser } from '../test/browser/support/browser.ts';
import { IDLE_PEER_NAMES } from './idle/names.ts';
import { bundlePages } from './page/bundle.ts';
import { PEER_NAMES } from './peers/names.ts';
import { BINDING_TITLES } from './react/names.ts';
import { measureBurst } from './scenarios/burst.ts';
import { measureBytes } from './scenarios/bytes.ts';
import type { ChoosePeers } from './scenarios/choice.ts';
import { measureDpop } from './scenarios/dpop.ts';
import { DOOR_NAMES, measureDoor } from './scenarios/door.ts';
import { FAULTS, measureFault } from './scenarios/faults.ts';
import { measureHotPathInNode } from './scenarios/hot-path-node.ts';
import { measureHotPath } from './scenarios/hot-path.ts';
import { measureMemory } from './scenarios/memory.ts';
import { measureOther401 } from './scenarios/other-401.ts';
import { measureRenders } from './scenarios/renders.ts';
import { measureHeldCalls, measureSessionEnd } from './scenarios/session-end.ts';
import type { Setup } from './scenarios/setup.ts';
import { measureStart } from './scenarios/start.ts';
import type { Table } from './scenarios/table.ts';
import { measureTabs } from './scenarios/tabs.ts';
import { startServer } from './server/server.ts';

/** How often each measurement is repeated. */
export interface Rounds {
  readonly timed: number;
  readonly burst: number;
  readonly tabs: number;
  readonly faults: number;
  /** The situations in which a session ends. */
  readonly ends: number;
  readonly held: number;
  readonly memory: number;
}

/** What a run measures. */
interface Plan {
  readonly measurements: readonly Measurement[];
  readonly choose: ChoosePeers;
  readonly rounds: Rounds;
}

interface Measurement {
  readonly name: string;
  readonly measure: (setup: Setup, rounds: Rounds) => Promise<readonly Table[]>;
}

const one = async (table: Promise<Table>): Promise<readonly Table[]> => [await table];

/** The names of all peers, in any table. */
export const ALL_PEERS: readonly string[] = [...new Set([...PEER_NAMES, ...Object.keys(BINDING_TITLES), ...DOOR_NAMES, ...IDLE_PEER_NAMES])];

/** All measurements, in the order of the tables. */
export const MEASUREMENTS: readonly Measurement[] = [
  { name: 'bytes', measure: (setup) => measureBytes(setup) },
  { name: 'hot-path-chromium', measure: (setup, { timed }) => one(measureHotPath(setup, timed)) },
  { name: 'hot-path-node', measure: (setup, { timed }) => one(measureHotPathInNode(setup, timed)) },
  { name: 'burst-expired-steady', measure: (setup, { burst }) => one(measureBurst(setup, 'expired', 'steady', burst)) },
  { name: 'burst-revoked-steady', measure: (setup, { burst }) => one(measureBurst(setup, 'revoked', 'steady', burst)) },
  { name: 'burst-revoked-spread', measure: (setup, { burst }) => one(measureBurst(setup, 'revoked', 'spread', burst)) },
  { name: 'tabs-expired', measure: (setup, { tabs }) => one(measureTabs(setup, 'expired', tabs)) },
  { name: 'tabs-revoked', measure: (setup, { tabs }) => one(measureTabs(setup, 'revoked', tabs)) },
  ...FAULTS.map((fault): Measurement => ({ name: fault.id, measure: (setup, { faults }) => one(measureFault(setup, fault, faults)) })),
  { name: 'other-401', measure: (setup) => one(measureOther401(setup)) },
  { name: 'start-fresh', measure: (setup, { timed }) => one(measureStart(setup, 'fresh', timed)) },
  { name: 'start-expired', measure: (setup, { timed }) => one(measureStart(setup, 'expired', timed)) },
  { name: 'dpop', measure: (setup, { timed }) => measureDpop(setup, timed) },
  { name: 'door', measure: (setup, { timed }) => one(measureDoor(setup, timed)) },
  { name: 'renders', measure: (setup) => one(measureRenders(setup)) },
  { name: 'session-end', measure: (setup, { ends }) => measureSessionEnd(setup, ends) },
  { name: 'session-end-held', measure: (setup, { held }) => one(measureHeldCalls(setup, held)) },
  { name: 'memory', measure: (setup, { memory }) => one(measureMemory(setup, memory)) },
];

/** Background pages are not throttled, because 7 of 8 tabs are in the background. Garbage can be collected before a timing. */
const SWITCHES = ['--js-flags=--expose-gc', '--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows'];

/** Runs the measurements one after the other, each with the chosen peers. Tables without rows are left out. */
export async function measureAll({ measurements, choose, rounds }: Plan, listener: Listener): Promise<void> {
  const server = await startServer(await bundlePages());
  const browser = await launchBrowser(SWITCHES);
  try {
    for (const [done, { name, measure }] of measurements.entries()) {
      listener.begin(name, done);
      const tables = await measure({ server, browser, choose }, rounds);
      await listener.measured(tables.filter(({ rows }) => rows.length > 0), browser.version());
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Is called as each measurement begins and ends. */
export interface Listener {
  readonly begin: (name: string, done: number) => void;
  readonly measured: (tables: readonly Table[], chromium: string) => void | Promise<void>;
}
