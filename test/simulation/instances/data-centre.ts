import type { World } from '../../support/world.ts';
import { createWorld } from '../../support/world.ts';
import type { Counts } from '../counts.ts';
import { createAuthorizationServer, type AuthorizationServer } from './authorization-server.ts';
import { createHistory, type History } from './history.ts';
import type { Machine } from './instance.ts';
import type { InstanceScenario } from './scenario.ts';
import { createSimulatedStore, type SimulatedStore } from './simulated-store.ts';
import { createVault, type Vault } from './vault.ts';

/** Everything that one world of instances consists of. */
export interface DataCentre {
  readonly scenario: InstanceScenario;
  readonly world: World;
  readonly server: AuthorizationServer;
  readonly store: SimulatedStore;
  readonly vault: Vault;
  readonly machines: readonly Machine[];
  readonly history: History;
  readonly counts: Counts;
  /** The limits of the instances. They are those of the scenario, except in a deliberate defect. */
  readonly limits: InstanceScenario['limits'];
}

/** Creates the machines, the store and the authorization server of a scenario. No instance runs yet. */
export function createDataCentre(scenario: InstanceScenario, counts: Counts, trace: (line: string) => void, limits = scenario.limits): DataCentre {
  const server = createAuthorizationServer(() => world.now(), scenario.lifetimeMs, scenario.hasDate);
  const world = createWorld(server.serve);
  const startedAt = world.now();
  const vault = createVault();
  const store = createSimulatedStore(world.openTab(), world.now, scenario.announces);
  const machines = Array.from({ length: scenario.instances }, (_, index): Machine => ({ index, skewMs: scenario.skews[index % scenario.skews.length] ?? 0, driftPpm: 0, driftSince: startedAt, instance: null }));
  let drawn = 0;
  store.delayOf = () => scenario.delays[drawn++ % scenario.delays.length] ?? 1;
  world.errorsQuoteInput = true;
  const history = createHistory({ scenario, world, server, trace: (line) => trace(`${world.now() - startedAt} ms: ${line}`) });
  return { scenario, world, server, store, vault, machines, history, counts, limits };
}
