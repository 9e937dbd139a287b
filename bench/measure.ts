import { launchBrowser } from '../test/browser/support/browser.ts';
import { bundlePages } from './page/bundle.ts';
import { measureBurst } from './scenarios/burst.ts';
import { measureBytes } from './scenarios/bytes.ts';
import { FAULTS, measureFault } from './scenarios/faults.ts';
import { measureHotPathInNode } from './scenarios/hot-path-node.ts';
import { measureHotPath } from './scenarios/hot-path.ts';
import { measureMemory } from './scenarios/memory.ts';
import { measureOther401 } from './scenarios/other-401.ts';
import { measureRenders } from './scenarios/renders.ts';
import type { Stage } from './scenarios/stage.ts';
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
}

interface Measurement {
  readonly name: string;
  readonly measure: (stage: Stage, rounds: Rounds) => Promise<readonly Table[]>;
}

const one = async (table: Promise<Table>): Promise<readonly Table[]> => [await table];

/** All that can be measured, in the order of the tables. */
export const MEASUREMENTS: readonly Measurement[] = [
  { name: 'bytes', measure: () => measureBytes() },
  { name: 'hot-path-chromium', measure: (stage, { timed }) => one(measureHotPath(stage, timed)) },
  { name: 'hot-path-node', measure: (_stage, { timed }) => one(measureHotPathInNode(timed)) },
  { name: 'burst-expired-steady', measure: (stage, { burst }) => one(measureBurst(stage, 'expired', 'steady', burst)) },
  { name: 'burst-revoked-steady', measure: (stage, { burst }) => one(measureBurst(stage, 'revoked', 'steady', burst)) },
  { name: 'burst-revoked-spread', measure: (stage, { burst }) => one(measureBurst(stage, 'revoked', 'spread', burst)) },
  { name: 'tabs-expired', measure: (stage, { tabs }) => one(measureTabs(stage, 'expired', tabs)) },
  { name: 'tabs-revoked', measure: (stage, { tabs }) => one(measureTabs(stage, 'revoked', tabs)) },
  ...FAULTS.map((fault): Measurement => ({ name: fault.id, measure: (stage, { faults }) => one(measureFault(stage, fault, faults)) })),
  { name: 'other-401', measure: (stage) => one(measureOther401(stage)) },
  { name: 'start-fresh', measure: (stage, { timed }) => one(measureStart(stage, 'fresh', timed)) },
  { name: 'start-expired', measure: (stage, { timed }) => one(measureStart(stage, 'expired', timed)) },
  { name: 'renders', measure: (stage) => one(measureRenders(stage)) },
  { name: 'memory', measure: (stage) => one(measureMemory(stage)) },
];

/** Background pages are not slowed down (with 8 tabs, 7 are in the background), and garbage can be collected before something is timed. */
const SWITCHES = ['--js-flags=--expose-gc', '--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows'];

/** Measures what is asked for, one after the other. */
export async function measureAll(wanted: readonly Measurement[], rounds: Rounds, watch: Watch): Promise<void> {
  const server = await startServer(await bundlePages());
  const browser = await launchBrowser(SWITCHES);
  try {
    for (const [done, { name, measure }] of wanted.entries()) {
      watch.begin(name, done);
      await watch.measured(await measure({ server, browser }, rounds), browser.version());
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Hears how a run goes. */
export interface Watch {
  readonly begin: (name: string, done: number) => void;
  readonly measured: (tables: readonly Table[], chromium: string) => void | Promise<void>;
}
