import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { PEERS, type PeerName } from '../peers/names.ts';
import type { World } from '../server/world.ts';
import { SESSION_PEERS, signedIn, type Stage } from './stage.ts';
import type { Row, Table } from './table.ts';

/** Something that goes wrong while an app makes 5 calls a second, its token run out. */
interface Fault {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  /** How long it lasts, s. */
  readonly lastsS: number;
  readonly begin: (world: World) => void;
}

const CALLS_A_SECOND = 5;
/** How long an app may take after a fault before it counts as never working again, s. */
const PATIENCE_S = 70;

export const FAULTS: readonly Fault[] = [
  { id: 'fault-503', title: 'Two refreshes are answered 503', note: 'Calls work again after the third.', lastsS: 0, begin: ({ faults }) => void (faults.refuse = 2) },
  { id: 'fault-network', title: 'No connection for 10 s', note: 'Time runs from when connections hold again.', lastsS: 10, begin: ({ faults }) => void (faults.unreachableUntil = Date.now() + 10_000) },
  { id: 'fault-hang', title: 'A refresh that hangs for 30 s after the server has rotated', note: 'Time runs from the start: the answer itself comes after 30 s.', lastsS: 0, begin: ({ faults }) => void (faults.hangMs = 30_000) },
  { id: 'fault-outage', title: 'The token endpoint answers 503 for 60 s', note: 'Time runs from when it works again.', lastsS: 60, begin: ({ faults }) => void (faults.refusesUntil = Date.now() + 60_000) },
];

/** One fault, for all peers at the same time: each in a profile of its own, at 5 calls a second. */
export async function measureFault(stage: Stage, fault: Fault): Promise<Table> {
  const rows = await Promise.all(SESSION_PEERS.map((peer) => play(stage, peer, fault)));
  return {
    id: fault.id,
    title: fault.title,
    note: `A token that has run out, 5 calls a second. ${fault.note} A session that is over cannot come back; an app that has not answered after ${PATIENCE_S} s counts as stuck.`,
    columns: [
      { key: 'refreshes', title: 'refreshes asked for', tolerance: 2 },
      { key: 'againS', title: 'calls work again after (s)', digits: 1 },
      { key: 'session', title: 'session', tolerance: 1 },
    ],
    rows,
  };
}

async function play(stage: Stage, peer: PeerName, fault: Fault): Promise<Row> {
  const { world, openTab, close } = await signedIn(stage, peer, 'expired');
  const { page, open } = await openTab();
  fault.begin(world);
  const overAt = Date.now() + fault.lastsS * 1000;
  await page.evaluate((perSecond) => window.bench.startSteady(perSecond), CALLS_A_SECOND).then(() => Promise.race([open(), wait(5000)]));
  const againAt = await firstAnswer(page, overAt, overAt + PATIENCE_S * 1000);
  await wait(againAt === null ? 0 : 3000); // What does a session do that seems to work again?
  const { alive } = world.family;
  const { refreshes } = world.tally;
  await close();
  return { peer, title: PEERS[peer].title, cells: { refreshes, againS: againAt === null ? 'never' : (againAt - overAt) / 1000, session: alive ? (againAt === null ? 'stuck' : 'lives') : 'lost' } };
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
