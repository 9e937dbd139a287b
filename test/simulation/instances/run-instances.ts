import { emptyCounts, type Counts } from '../counts.ts';
import type { Platform } from 'unexpired/core';
import { createDataCentre, type DataCentre } from './data-centre.ts';
import { hasLostAnswer, isInFlight, mayBeOver } from './excuses.ts';
import { isRunning, resume, startInstance, stop, type Instance, type Machine } from './instance.ts';
import { createInstanceMonitor, type InstanceMonitor } from './monitor.ts';
import { withReferences, type References } from './references.ts';
import { createRequests, type Requests } from './requests.ts';
import type { EndpointMode, InstanceChoice, InstanceEvent, InstanceScenario } from './scenario.ts';

/** After this long no backoff is running, no lease lasts and no answer is late, ms. */
const SETTLING_MS = 90_000;

/** How long a deploy lets an instance finish its requests, and close, ms. */
const DRAIN_MS = 20_000;
const CLOSE_MS = 40_000;

/** How long a closed process stays, ms. The monitor checks what it holds. */
const EXIT_MS = 65_000;

/** The life of tokens after the recovery: none expires before the end, ms. */
const LONG_LIFE_MS = 3_600_000;

/** Everything that one run of a scenario works with. */
export interface Run {
  readonly centre: DataCentre;
  readonly monitor: InstanceMonitor;
  readonly requests: Requests;
  readonly references: References;
  /** Runs what the operators of the data centre do later. */
  readonly later: Platform['setTimer'];
  /** When a machine gets its next instance, epoch ms. */
  readonly restartAt: Map<Machine, number>;
}

/**
 * Runs a scenario to its end, then removes all faults and waits until nothing happens any more.
 *
 * @param limits the limits of the instances, which are others than those of the scenario in a deliberate defect
 * @throws Violation as soon as an invariant does not hold
 */
export function runInstances(scenario: InstanceScenario, trace: (line: string) => void = () => undefined, limits = scenario.limits): Promise<Counts> {
  return withReferences(async (references) => finish(await start(scenario, references, trace, limits)));
}

/** Runs the events of a scenario. */
export async function start(scenario: InstanceScenario, references: References, trace: (line: string) => void, limits = scenario.limits): Promise<Run> {
  const centre = createDataCentre(scenario, emptyCounts(), trace, limits);
  const monitor = createInstanceMonitor(centre);
  const later = centre.world.openTab().platform.setTimer;
  const run: Run = { centre, monitor, references, later, restartAt: new Map(), requests: createRequests(centre, monitor) };
  for (const machine of centre.machines) startInstance(centre, machine);
  for (const event of scenario.events) await apply(run, event);
  return run;
}

/** Removes all faults, checks that everything works, and closes the instances. */
export async function finish(run: Run): Promise<Counts> {
  const { world, history, counts } = run.centre;
  await recover(run);
  await closeAll(run);
  return Object.assign(counts, { worlds: 1, steps: world.steps(), refreshes: history.refreshes.length, sends: history.calls.reduce((sum, { sends }) => sum + sends.length, 0) });
}

/** Applies an event to a data centre. */
export async function apply(run: Run, event: InstanceEvent): Promise<void> {
  const { centre, references } = run;
  const { world, server, history } = centre;
  countFault(centre.counts, event);
  history.trace(JSON.stringify(event));
  restartDead(run);
  switch (event.kind) {
    case 'advance':
      return world.advance(event.ms);
    case 'revoke':
      history.revokedAt = world.now();
      return server.revokeAccessTokens();
    case 'endSessions':
      return server.endAll();
    case 'collect':
      await world.advance(0);
      return isIdle(centre) ? references.collect() : undefined;
    case 'network':
      Object.assign(world, { latencyMs: event.latencyMs, lateMs: event.lateMs });
      // Only token requests hang: as with `fetch`, aborting a call that hangs is up to the caller.
      world.faultOf = ({ url }) => (isHanging(event.fault) && !url.includes('/oauth') ? 'none' : event.fault);
      history.outages.network = event.fault !== 'none' || event.latencyMs > 1000;
      return disturb(centre);
    case 'api':
      return setEndpointMode(centre, event);
    case 'deploy':
      return void deploy(run);
    case 'clock':
      return setClock(centre, event);
    default:
      return event.kind === 'request' || 'instance' in event ? applyToInstance(run, event) : applyToStore(run, event);
  }
}

const isHanging = (fault: string) => fault === 'late' || fault.startsWith('hang');

const disturb = ({ history, world }: DataCentre) => void (history.disturbedAt = world.now());

type StoreEvent = Extract<InstanceEvent, { kind: 'store' | 'storeRestart' | 'failover' | 'evict' | 'announcements' }>;
type OwnEvent = Extract<InstanceEvent, { kind: 'request' | 'signIn' | 'signOut' | 'endAll' | 'kill' | 'pause' }>;

async function applyToStore({ centre, requests }: Run, event: StoreEvent): Promise<void> {
  const { world, store, history, machines } = centre;
  disturb(centre);
  if (event.kind === 'store') {
    const { fault, slowMs, only } = event;
    const machine = only === null ? null : machines[only % machines.length];
    Object.assign(store.state, { fault, slowMs, only: machine ? (process: unknown) => machine.instance?.process === process : null });
  } else if (event.kind === 'storeRestart') store.restart();
  else if (event.kind === 'announcements') store.announcementsAreLost = event.areLost;
  else if (event.kind === 'failover') {
    await world.advance(0);
    if (event.skewMs !== store.skewMs) history.clockChangedAt = world.now();
    history.failovers.push({ at: world.now(), jumpMs: event.skewMs - store.skewMs });
    store.failOver(event.lostWrites, event.skewMs);
  } else {
    const login = requests.loginOf(event.browser, false);
    if (!login) return;
    history.evicted.add(login.key);
    history.records.delete(login.key);
    store.evict(login.key);
  }
}

async function applyToInstance(run: Run, event: OwnEvent): Promise<void> {
  const { centre, requests, later } = run;
  const { world } = centre;
  const instance = pick(centre, event.instance);
  if (!instance) return;
  if (event.kind === 'request') makeRequests(run, event, instance);
  else if (event.kind === 'signIn') void requests.signIn(instance, event.browser, event.user);
  else if (event.kind === 'endAll') void requests.endAll(instance, event.user);
  else if (event.kind === 'signOut') {
    const login = requests.loginOf(event.browser, event.isFormer);
    if (login) void requests.signOut(instance, login);
  } else if (event.kind === 'kill') {
    disturb(centre);
    instance.process.dieAfter(event.afterSteps);
    run.restartAt.set(instance.machine, world.now() + event.downMs);
  } else {
    await world.advance(0);
    stop(instance, world.now());
    later(() => resume(instance, world.now()), event.ms);
  }
}

function makeRequests({ centre, requests }: Run, { browser, instances, times, does, abortMs, isFormer }: Extract<InstanceEvent, { kind: 'request' }>, first: Instance): void {
  const login = requests.loginOf(browser, isFormer);
  if (!login) return;
  const running = runningInstances(centre);
  const start = running.indexOf(first);
  for (let place = 0; place < Math.min(instances, running.length); place++) {
    for (let count = 0; count < times; count++) void requests.call(running[(start + place) % running.length]!, login, does, abortMs);
  }
}

function runningInstances({ machines }: DataCentre): Instance[] {
  return machines.map(({ instance }) => instance).filter((instance) => instance !== null && isRunning(instance)) as Instance[];
}

/** Returns an instance that gets requests; `null` if none does. */
function pick(centre: DataCentre, choice: InstanceChoice): Instance | null {
  const running = runningInstances(centre);
  if (choice !== 'refreshing') return running[choice % running.length] ?? null;
  const refreshing = centre.history.refreshes.findLast((refresh) => isInFlight(refresh) && running.includes(refresh.instance))?.instance;
  return refreshing ?? running.find(({ process }) => process.timers() > 0) ?? running[0] ?? null;
}

/** Starts instances on the machines whose instance is dead. */
function restartDead({ centre, restartAt }: Run): void {
  for (const machine of centre.machines) {
    if (machine.instance?.process.isAlive() || centre.world.now() < (restartAt.get(machine) ?? 0)) continue;
    startInstance(centre, machine);
  }
}

function isIdle({ machines, history }: DataCentre): boolean {
  return machines.every(({ instance }) => (instance?.process.timers() ?? 0) === 0) && !history.calls.some(({ outcome }) => outcome === 'pending') && !history.intents.some(({ isSettled }) => !isSettled) && !history.refreshes.some(isInFlight);
}

/** Replaces the instances in turn. */
async function deploy({ centre, later }: Run): Promise<void> {
  const wait = (ms: number) => new Promise<void>((resolve) => later(resolve, ms));
  disturb(centre);
  for (const machine of centre.machines) {
    const former = machine.instance;
    if (!former?.process.isAlive()) continue;
    startInstance(centre, machine);
    former.drainedAt = centre.world.now();
    for (let ms = 0; ms < DRAIN_MS && isUsed(centre, former); ms += 500) await wait(500);
    await close(centre, former, wait);
    later(former.process.die, EXIT_MS);
  }
}

function isUsed({ history }: DataCentre, former: Instance): boolean {
  return [...history.calls.filter(({ outcome }) => outcome === 'pending'), ...history.intents.filter(({ isSettled }) => !isSettled)].some(({ instance }) => instance === former);
}

/** Closes an instance. One that takes too long is killed. */
async function close({ history, world }: DataCentre, instance: Instance, wait: (ms: number) => Promise<void>): Promise<void> {
  disturb({ history, world } as DataCentre);
  const closed = instance.sessions.close().then(() => {
    instance.closedAt ??= world.now();
    history.trace(`${instance.tab.name} is closed`);
  });
  await Promise.race([closed, wait(CLOSE_MS)]);
  if (instance.closedAt === null) instance.process.die();
}

function setClock({ machines, world, history }: DataCentre, { instance, skewMs, driftPpm }: Extract<InstanceEvent, { kind: 'clock' }>): void {
  const machine = machines[instance % machines.length];
  history.clockChangedAt = world.now();
  if (machine) Object.assign(machine, { skewMs, driftPpm, driftSince: world.now() });
}

/** How a server with a mistake writes the answer to a refresh. It has rotated the refresh token. */
const REWRITES: Partial<Record<EndpointMode, (answer: string) => string>> = {
  onlyRefreshToken: (answer) => answer.replace(/"access_token":"[^"]+",/, ''),
  unreadable: (answer) => answer.replace(/_token(?=":")/g, ''),
};

function setEndpointMode(centre: DataCentre, { mode, retryAfter }: Extract<InstanceEvent, { kind: 'api' }>): void {
  disturb(centre);
  centre.history.outages.endpoint = mode !== 'ok';
  Object.assign(centre.server, { mode: mode in REWRITES ? 'ok' : mode, retryAfter });
  centre.world.rewrite = REWRITES[mode] ?? ((answer) => answer);
}

/** Removes all faults, waits, and checks that every session that nothing has ended still works. */
async function recover(run: Run): Promise<void> {
  const { centre, requests, monitor } = run;
  const { world, server, store, history } = centre;
  Object.assign(world, { latencyMs: 10, faultOf: () => 'none', rewrite: (answer: string) => answer });
  Object.assign(store.state, { fault: 'none', slowMs: 0, only: null });
  Object.assign(store, { announcementsAreLost: false });
  Object.assign(server, { mode: 'ok', lifetimeMs: LONG_LIFE_MS });
  Object.assign(history.outages, { network: false, endpoint: false });
  disturb(centre);
  for (const instance of history.instances) {
    instance.process.dieAfter(Infinity);
    resume(instance, world.now());
  }
  run.restartAt.clear();
  restartDead(run);
  await world.advance(SETTLING_MS);
  const living = history.logins.filter((login) => !mayBeOver(history, login) && !hasLostAnswer(history, login.sid));
  history.trace(`all faults are over; ${living.length} sessions must work`);
  for (let round = 0; round < 2; round++) {
    const first = history.calls.length;
    const calls = history.logins.flatMap((login) => runningInstances(centre).map((instance) => requests.call(instance, login, 'read', null)));
    await world.until(Promise.all(calls));
    await world.advance(SETTLING_MS);
    const failing = history.calls.slice(first).find(({ login, detail }) => living.includes(login) && detail !== '200' && !mayBeOver(history, login));
    if (round === 1 && failing) monitor.report(3, `${failing.path} of session ${failing.login.sid} on ${failing.instance.tab.name} ends with ${failing.detail} although all faults are over`);
  }
  await world.advance(0);
}

/** Closes all instances, and waits long enough to see what they still hold. */
async function closeAll({ centre, later }: Run): Promise<void> {
  const wait = (ms: number) => new Promise<void>((resolve) => later(resolve, ms));
  await centre.world.until(Promise.all(runningInstances(centre).map((instance) => close(centre, instance, wait))));
  await centre.world.advance(SETTLING_MS);
}

function countFault({ faults }: Counts, event: InstanceEvent): void {
  const kind = faultOf(event);
  if (kind !== null) faults[kind] = (faults[kind] ?? 0) + 1;
}

const FAULTS: readonly InstanceEvent['kind'][] = ['revoke', 'endSessions', 'kill', 'pause', 'deploy', 'collect', 'storeRestart', 'failover', 'evict', 'clock'];

/** Names the fault that an event injects, or returns `null`. */
function faultOf(event: InstanceEvent): string | null {
  if (event.kind === 'network') return event.fault === 'none' ? null : `network ${event.fault}`;
  if (event.kind === 'store') return event.fault === 'none' ? (event.slowMs > 0 ? 'store slow' : null) : `store ${event.fault}`;
  if (event.kind === 'api') return event.mode === 'ok' ? null : `API ${event.mode}`;
  if (event.kind === 'announcements') return event.areLost ? 'announcements lost' : null;
  return FAULTS.includes(event.kind) ? event.kind : null;
}
