import type { NetworkFault } from '../support/world.ts';
import type { TabClient } from '../simulation/history.ts';
import { apply, applyToTab, finish, start, type Run, type TabEvent } from '../simulation/run-scenario.ts';
import type { Scenario, WorldEvent } from '../simulation/scenario.ts';
import { createExplorer, type Actor, type Bounds, type Explored, type Fault, type Schedule } from './scheduler.ts';
import { FROZEN_MS, HORIZON_MS, outcomeOf, type Outcome } from './search.ts';

/** A small case of tabs. */
export interface TabCase {
  readonly name: string;
  /** What has happened before. */
  readonly scenario: Scenario;
  /** What happens now, in any order, but one after the other in each tab. What follows an `advance` happens that much later. */
  readonly acts: readonly WorldEvent[];
  /** What the network does with the first token requests. */
  readonly network?: readonly NetworkFault[];
  readonly faults: readonly Fault[];
}

/** Runs one schedule of a case. */
export function runTabCase({ scenario, acts, network = [], faults }: TabCase, schedule: Schedule, bounds: Bounds, explored: Explored | null, trace: (line: string) => void = () => undefined): Promise<Outcome> {
  return outcomeOf(async (begin) => {
    const run = await start(scenario, trace);
    const { setup: { world }, tabs } = run;
    const explorer = createExplorer({ bounds, schedule, faults, actors: actorsOf(run), explored });
    const clients = tabs.allOpen();
    let requests = 0;
    if (network.length > 0) world.faultOf = ({ url }) => (url.includes('/oauth') ? (network[requests++] ?? 'none') : 'none');
    let delayMs = 0;
    for (const act of acts) {
      if (act.kind === 'advance') delayMs += act.ms;
      else if ('tab' in act) beginInTab(run, act, clients[Number(act.tab)]!, delayMs);
      else world.setTimer(() => void apply(run, act), delayMs, 'device', { thread: 'world' });
    }
    begin(explorer);
    world.scheduler = explorer;
    await world.advance(HORIZON_MS);
    world.scheduler = null;
    await finish(run);
  });
}

function beginInTab(run: Run, act: TabEvent, client: TabClient, delayMs: number): void {
  const begin = () => {
    run.history.trace(`${client.tab.name} ${JSON.stringify(act)}`);
    applyToTab(run, act, client);
  };
  client.tab.process.setTimer(begin, delayMs);
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
