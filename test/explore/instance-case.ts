import { apply, finish, start, type Run } from '../simulation/instances/run-instances.ts';
import { resume, stop, type Instance } from '../simulation/instances/instance.ts';
import { withReferences } from '../simulation/instances/references.ts';
import type { InstanceEvent, InstanceScenario } from '../simulation/instances/scenario.ts';
import type { NetworkFault } from '../support/world.ts';
import { FROZEN_MS, HORIZON_MS, outcomeOf, type Outcome } from './search.ts';
import { createExplorer, type Actor, type Bounds, type Explored, type Fault, type Schedule } from './scheduler.ts';

/** A small case of instances of a server. */
export interface InstanceCase {
  readonly name: string;
  /** What has happened before. */
  readonly scenario: InstanceScenario;
  /** What happens now, in any order. */
  readonly acts: readonly InstanceEvent[];
  /** What the network does with the first token requests. */
  readonly network?: readonly NetworkFault[];
  readonly faults: readonly Fault[];
}

/** Runs one schedule of a case of instances. */
export function runInstanceCase({ scenario, acts, network = [], faults }: InstanceCase, schedule: Schedule, bounds: Bounds, explored: Explored | null, trace: (line: string) => void = () => undefined): Promise<Outcome> {
  return outcomeOf((begin) =>
    withReferences(async (references) => {
      const run = await start(scenario, references, trace);
      const { world, history } = run.centre;
      const explorer = createExplorer({ bounds, schedule, faults, actors: actorsOf(run), explored });
      let requests = 0;
      history.outages.network = network.length > 0;
      if (network.length > 0) world.faultOf = ({ url }) => (url.includes('/oauth') ? (network[requests++] ?? 'none') : 'none');
      acts.forEach((act, place) => world.setTimer(() => void apply(run, act), 0, 'device', { thread: `act ${place}` }));
      begin(explorer);
      world.scheduler = explorer;
      await world.advance(HORIZON_MS);
      world.scheduler = null;
      await finish(run);
    }),
  );
}

function actorsOf(run: Run): Map<string, Actor> {
  const instances = run.centre.machines.flatMap(({ instance }) => instance ?? []);
  return new Map(instances.map((instance) => [instance.tab.name, actorOf(run, instance)]));
}

function actorOf({ centre: { world, history } }: Run, instance: Instance): Actor {
  const { process, tab } = instance;
  const disturb = () => (history.disturbedAt = world.now());
  return {
    isRunning: () => process.isAlive() && !process.isFrozen(),
    suffer(fault) {
      history.trace(`${tab.name} ${fault}`);
      disturb();
      if (fault === 'crash') return process.die();
      stop(instance, world.now());
      const goOn = () => {
        disturb();
        resume(instance, world.now());
      };
      world.setTimer(goOn, FROZEN_MS, 'device', { thread: 'world' });
    },
  };
}
