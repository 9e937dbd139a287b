import type { NetworkFault } from '../support/world.ts';
import { applyToTab, finish, start, type Run } from '../simulation/run-scenario.ts';
import type { Scenario, WorldEvent } from '../simulation/scenario.ts';
import { createExplorer, type Actor, type Bounds, type Explored, type Fault, type Schedule } from './scheduler.ts';
import { failureOf, FROZEN_MS, HORIZON_MS, type Outcome } from './search.ts';

/** Something that a user does in a tab. */
export type Act = Extract<WorldEvent, { tab: unknown }>;

/** A small case of tabs. */
export interface TabCase {
  readonly name: string;
  /** What has happened before. */
  readonly scenario: Scenario;
  /** What happens now, in any order, but one after the other in each tab. */
  readonly acts: readonly Act[];
  /** What the network does with the first token requests. */
  readonly network?: readonly NetworkFault[];
  readonly faults: readonly Fault[];
}

/** Runs one schedule of a case. */
export async function runTabCase({ scenario, acts, network = [], faults }: TabCase, schedule: Schedule, bounds: Bounds, explored: Explored | null, trace: (line: string) => void = () => undefined): Promise<Outcome> {
  const run = await start(scenario, trace);
  const { setup: { world }, history, tabs } = run;
  const explorer = createExplorer({ bounds, schedule, faults, actors: actorsOf(run), explored });
  const clients = tabs.allOpen();
  let requests = 0;
  if (network.length > 0) world.faultOf = ({ url }) => (url.includes('/oauth') ? (network[requests++] ?? 'none') : 'none');
  for (const act of acts) {
    const client = clients[Number(act.tab)];
    client?.tab.process.setTimer(() => {
      history.trace(`${client.tab.name} ${JSON.stringify(act)}`);
      applyToTab(run, act, client);
    }, 0);
  }
  try {
    world.scheduler = explorer;
    await world.advance(HORIZON_MS);
    world.scheduler = null;
    await finish(run);
    return { choices: explorer.choices, past: explorer.past(), isKnown: false, failure: null };
  } catch (error) {
    return { choices: explorer.choices, past: explorer.past(), ...failureOf(error) };
  }
}

function actorsOf({ setup: { world }, history, tabs }: Run): Map<string, Actor> {
  return new Map(
    tabs.allOpen().map(({ tab }) => [
      tab.name,
      {
        isRunning: () => tab.process.isAlive() && !tab.process.isFrozen(),
        suffer(fault) {
          history.trace(`${tab.name} ${fault}`);
          if (fault === 'crash') return tab.kill();
          tab.process.freeze();
          const thaw = () => {
            history.disturbedAt = world.now();
            tab.process.thaw();
            tab.wake('resume');
          };
          world.setTimer(thaw, FROZEN_MS, 'device', { thread: 'world' });
        },
      },
    ]),
  );
}
