import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { PEERS, type PeerName } from '../peers/names.ts';
import type { World } from '../server/world.ts';
import { faultCells, type FaultRound } from './fault-cells.ts';
import { SESSION_PEERS, signedIn, type Stage, type Tab, type Visit } from './stage.ts';
import { inTurn, type Table } from './table.ts';

/** Something that goes wrong while an app makes 5 calls a second, its token run out. */
interface Fault {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  /** How long it lasts, s. */
  readonly lastsS: number;
  /** Rounds played at the same time: one where what is timed is so short that neighbours could be seen in it. */
  readonly atOnce: number;
  readonly begin: (world: World) => void;
}

const CALLS_A_SECOND = 5;
/** How long an app may take after a fault before it counts as never working again, s. */
const PATIENCE_S = 70;
/** How far apart apps begin, ms: none opens at the moment of another, and their calls are out of step. */
const APART_MS = 230;

export const FAULTS: readonly Fault[] = [
  { id: 'fault-503', title: 'Two refreshes are answered 503', note: 'Calls work again after the third.', lastsS: 0, atOnce: 1, begin: ({ faults }) => void (faults.refuse = 2) },
  { id: 'fault-network', title: 'No connection for 10 s', note: 'Time runs from when connections hold again.', lastsS: 10, atOnce: 2, begin: ({ faults }) => void (faults.unreachableUntil = Date.now() + 10_000) },
  { id: 'fault-hang', title: 'A refresh that hangs for 30 s after the server has rotated', note: 'Time runs from the start: the answer itself comes after 30 s.', lastsS: 0, atOnce: 2, begin: ({ faults }) => void (faults.hangMs = 30_000) },
  { id: 'fault-outage', title: 'The token endpoint answers 503 for 60 s', note: 'Time runs from when it works again.', lastsS: 60, atOnce: 2, begin: ({ faults }) => void (faults.refusesUntil = Date.now() + 60_000) },
];

/** One fault in several rounds, each for all peers at the same time: in worlds and profiles of their own, at 5 calls a second. */
export async function measureFault(stage: Stage, fault: Fault, rounds: number): Promise<Table> {
  const played: Played[] = [];
  for (let left = rounds; left > 0; left -= fault.atOnce) played.push(...(await playAtOnce(stage, fault, Math.min(left, fault.atOnce))));
  return {
    id: fault.id,
    title: fault.title,
    note: `A token that has run out, 5 calls a second. ${fault.note} A session that is over cannot come back; an app that has not answered after ${PATIENCE_S} s counts as stuck. ${rounds} rounds each.`,
    columns: [
      { key: 'refreshes', title: 'refreshes asked for', tolerance: 1.5 },
      { key: 'againS', title: 'calls work again after (s)', digits: 1 },
      { key: 'spread', title: 'low–high' },
      { key: 'lived', title: 'sessions that lived', better: 'higher', tolerance: 1 },
    ],
    rows: SESSION_PEERS.map((peer) => ({ peer, title: PEERS[peer].title, cells: faultCells(played.filter((each) => each.peer === peer)) })),
  };
}

/** An app whose user has come back, and whose library has yet to be opened. */
interface App {
  readonly peer: PeerName;
  readonly visit: Visit;
  readonly tab: Tab;
}

interface Played extends FaultRound {
  readonly peer: PeerName;
}

/** So many rounds side by side. All their pages are there before the first app begins: loading them would slow down what is timed. */
async function playAtOnce(stage: Stage, fault: Fault, rounds: number): Promise<readonly Played[]> {
  const apps = await inTurn(Array.from({ length: rounds }), () => Promise.all(SESSION_PEERS.map((peer) => load(stage, peer))));
  return Promise.all(apps.flat().map((app, index) => wait(index * APART_MS).then(() => play(app, fault))));
}

async function load(stage: Stage, peer: PeerName): Promise<App> {
  const visit = await signedIn(stage, peer, 'expired');
  return { peer, visit, tab: await visit.openTab() };
}

async function play({ peer, visit: { world, close }, tab: { page, open } }: App, fault: Fault): Promise<Played> {
  fault.begin(world);
  const overAt = Date.now() + fault.lastsS * 1000;
  await page.evaluate((perSecond) => window.bench.startSteady(perSecond), CALLS_A_SECOND).then(() => Promise.race([open(), wait(5000)]));
  await wait(Math.max(0, overAt - Date.now())); // No answer of before counts, and asking pages for it costs what their calls need.
  const againAt = await firstAnswer(page, overAt, overAt + PATIENCE_S * 1000);
  await wait(againAt === null ? 0 : 3000); // What does a session do that seems to work again?
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
