import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { PEERS, type PeerName } from '../peers/names.ts';
import type { World } from '../server/world.ts';
import { faultCells, type FaultRound } from './fault-cells.ts';
import { SESSION_PEERS, signedIn, type Setup, type Tab, type PeerSession } from './setup.ts';
import { inTurn, type Table } from './table.ts';

/** A fault that begins while an app makes 5 calls a second with an expired token. */
interface Fault {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  /** How long the fault lasts, s. */
  readonly lastsS: number;
  /** Whether the timed durations are so short that rounds at the same time would distort them. */
  readonly isAlone?: true;
  readonly begin: (world: World) => void;
}

const CALLS_A_SECOND = 5;
/** How long after a fault an app may take before its calls count as never working again, s. */
const PATIENCE_S = 70;
/** How many apps run at the same time, in as many rounds as that makes. */
const APPS_AT_ONCE = 24;
/** The time between the starts of two apps, ms, so that neither their starts nor their calls coincide. */
const APART_MS = 230;

export const FAULTS: readonly Fault[] = [
  { id: 'fault-503', title: 'Two refreshes are answered 503', note: 'The third refresh succeeds.', lastsS: 0, isAlone: true, begin: ({ faults }) => void (faults.refuse = 2) },
  { id: 'fault-network', title: 'No connection for 10 s', note: 'Time is measured from the end of the fault.', lastsS: 10, begin: ({ faults }) => void (faults.unreachableUntil = Date.now() + 10_000) },
  { id: 'fault-hang', title: 'A refresh that hangs for 30 s after the server has rotated', note: 'Time is measured from the start, and the answer arrives after 30 s.', lastsS: 0, begin: ({ faults }) => void (faults.hangMs = 30_000) },
  { id: 'fault-outage', title: 'The token endpoint answers 503 for 60 s', note: 'Time is measured from the end of the outage.', lastsS: 60, begin: ({ faults }) => void (faults.refusesUntil = Date.now() + 60_000) },
];

/** Measures one fault in several rounds. In each round all peers run at the same time, each in its own world and profile, with 5 calls a second. */
export async function measureFault(setup: Setup, fault: Fault, rounds: number): Promise<Table> {
  const peers = setup.choose(SESSION_PEERS);
  const atOnce = fault.isAlone ? 1 : Math.max(1, Math.floor(APPS_AT_ONCE / peers.length));
  const results: PeerRound[] = [];
  for (let left = rounds; left > 0; left -= atOnce) results.push(...(await runAtOnce(setup, peers, fault, Math.min(left, atOnce))));
  return {
    id: fault.id,
    title: fault.title,
    note: `An expired token, 5 calls a second. ${fault.note} An ended session cannot come back. An app without an answer after ${PATIENCE_S} s counts as stuck. ${rounds} rounds each.`,
    columns: [
      { key: 'refreshes', title: 'refresh requests', tolerance: 1.5 },
      { key: 'againS', title: 'calls work again after (s)', digits: 1 },
      { key: 'spread', title: 'low–high' },
      { key: 'lived', title: 'sessions that lived', better: 'higher', tolerance: 1 },
    ],
    rows: peers.map((peer) => ({ peer, title: PEERS[peer].title, cells: faultCells(results.filter((each) => each.peer === peer)) })),
  };
}

/** An app whose page is loaded and whose library is not opened yet. */
interface App {
  readonly peer: PeerName;
  readonly session: PeerSession;
  readonly tab: Tab;
}

interface PeerRound extends FaultRound {
  readonly peer: PeerName;
}

/** Runs rounds side by side. All pages are loaded before the first app starts, because loading would slow down the timed part. */
async function runAtOnce(setup: Setup, peers: readonly PeerName[], fault: Fault, rounds: number): Promise<readonly PeerRound[]> {
  const apps = await inTurn(Array.from({ length: rounds }), () => Promise.all(peers.map((peer) => load(setup, peer))));
  return Promise.all(apps.flat().map((app, index) => wait(index * APART_MS).then(() => runRound(app, fault))));
}

async function load(setup: Setup, peer: PeerName): Promise<App> {
  const session = await signedIn(setup, peer, 'expired');
  return { peer, session, tab: await session.openTab() };
}

async function runRound({ peer, session: { world, close }, tab: { page, open } }: App, fault: Fault): Promise<PeerRound> {
  fault.begin(world);
  const overAt = Date.now() + fault.lastsS * 1000;
  await page.evaluate((perSecond) => window.bench.startSteady(perSecond), CALLS_A_SECOND).then(() => Promise.race([open(), wait(5000)]));
  await wait(Math.max(0, overAt - Date.now())); // Earlier answers do not count, and polling the pages would take time from their calls.
  const againAt = await firstAnswer(page, overAt, overAt + PATIENCE_S * 1000);
  await wait(againAt === null ? 0 : 3000); // A session that works again may still end soon after.
  const { alive } = world.family;
  const { refreshes } = world.tally;
  await close();
  return { peer, refreshes, againS: againAt === null ? null : (againAt - overAt) / 1000, alive };
}

async function firstAnswer(page: Page, from: number, until: number): Promise<number | null> {
  while (Date.now() < until) {
    const answers = await page.evaluate(() => window.bench.steadyAnswers());
    const first = answers.find((at) => at >= from);
    if (first !== undefined) return first;
    await wait(200);
  }
  return null;
}
