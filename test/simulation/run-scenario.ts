import type { Setup } from '../support/setup.ts';
import type { NetworkFault } from '../support/world.ts';
import { emptyCounts, type Counts } from './counts.ts';
import { createHistory, hasLostAnswer, sidOf, type History, type TabClient } from './history.ts';
import { createMonitor, type Monitor } from './monitor.ts';
import type { EndpointMode, Scenario, TabChoice, WorldEvent } from './scenario.ts';
import { addForeignChange, sidInJar } from './jar-history.ts';
import { createTabClients, type TabClients } from './tab-clients.ts';
import { createScenarioSetup, isInCookie, signInByServer } from './token-place.ts';

/** After this long no message is in flight, no backoff is running and no lock is still being taken over, ms. */
const SETTLING_MS = 90_000;

/** The life of tokens after the recovery: none expires before the end, ms. */
const LONG_LIFE_MS = 3_600_000;

/** Everything that one run of a scenario works with. */
export interface Run {
  readonly setup: Setup;
  readonly history: History;
  readonly monitor: Monitor;
  readonly tabs: TabClients;
  readonly counts: Counts;
}

/**
 * Runs a scenario to its end, then removes all faults and waits until nothing happens any more.
 *
 * @throws Violation as soon as an invariant does not hold
 */
export async function runScenario(scenario: Scenario, trace: (line: string) => void = () => undefined): Promise<Counts> {
  return finish(await start(scenario, trace));
}

/** Runs the events of a scenario. */
export async function start(scenario: Scenario, trace: (line: string) => void): Promise<Run> {
  const setup = createScenarioSetup(scenario);
  const { world, api } = setup;
  const startedAt = world.now();
  const history = createHistory({ scenario, world, api, trace: (line) => trace(`${world.now() - startedAt} ms: ${line}`) });
  const monitor = createMonitor(history);
  const counts = emptyCounts();
  const run: Run = { setup, history, monitor, counts, tabs: createTabClients(setup, history, monitor, counts) };
  if (scenario.place.start === 'byServer') await changeJar(run, () => signInByServer(setup, 'ember'));
  prepare(run);
  if (scenario.place.start === 'onPage') await world.until(run.tabs.signIn(run.tabs.pick(0), 'ember'));
  for (const event of scenario.events) await apply(run, event);
  return run;
}

/** Removes all faults, checks that everything works, and disposes of the clients. */
export async function finish(run: Run): Promise<Counts> {
  const { counts, setup: { world, api } } = run;
  await recover(run);
  await disposeAll(run);
  return Object.assign(counts, { worlds: 1, steps: world.steps(), refreshes: api.counts.refreshes, sends: api.calls.length });
}

function prepare({ setup: { world }, history: { scenario }, tabs }: Run): void {
  let drawn = 0;
  world.errorsQuoteInput = true;
  world.delayOf = (what) => {
    const ms = scenario.delays[drawn++ % scenario.delays.length] ?? 1;
    return what === 'answer' ? Math.max(0, ms - 20) : ms;
  };
  for (let count = 0; count < scenario.tabs; count++) tabs.open();
}

/** Applies an event to a world. */
export async function apply(run: Run, event: WorldEvent): Promise<void> {
  const { setup, history, tabs } = run;
  const { world, api } = setup;
  const { scenario } = history;
  countFault(run.counts, event);
  history.trace(JSON.stringify(event));
  switch (event.kind) {
    case 'advance':
      return world.advance(Math.min(event.ms, scenario.lifetimeMs * 20));
    case 'sleep':
      await world.sleep(event.ms);
      history.wokeAt = world.now();
      for (const client of tabs.allOpen()) thaw(client);
      return;
    case 'revoke':
      return void api.revokeAccessTokens();
    case 'endSession':
      for (const { id, alive } of api.sessions) if (alive) history.endedByApi.add(id);
      return void api.endSession({}, event.code);
    case 'open':
      return void tabs.open();
    case 'clock':
      return setClock(run, event);
    case 'network':
      Object.assign(world, { latencyMs: event.latencyMs, lateMs: event.lateMs });
      // Only token requests hang: as with `fetch`, aborting a call that hangs is up to the caller.
      return void (world.faultOf = ({ url }) => (isHanging(event.fault) && !url.includes('/oauth') ? 'none' : event.fault));
    case 'online':
      return setOnline(run, event.online);
    case 'storage':
      Object.assign(world.storage, { fault: event.fault, slowMs: event.slowMs });
      if (event.fault !== 'none' || event.slowMs > 0) history.storageFaultAt = world.now(); // An operation may begin before the next step.
      return;
    case 'clear':
      world.storage.clear();
      return addClearing(history);
    case 'serverSignIn':
      return changeJar(run, () => signInByServer(setup, event.bot));
    case 'clearJar':
      return changeJar(run, () => Promise.resolve(world.jar?.clear()));
    case 'api':
      return setEndpointMode(run, event);
    case 'freeze':
      await world.advance(0);
      return applyToTab(run, event, tabs.pick(event.tab));
    default:
      return applyToTab(run, event, tabs.pick(event.tab));
  }
}

const isHanging = (fault: NetworkFault) => fault === 'late' || fault.startsWith('hang');

/** Changes the cookies of the browser without the client. */
async function changeJar({ history }: Run, change: () => Promise<void>): Promise<void> {
  addForeignChange(history);
  await change();
  const sid = sidInJar(history);
  if (sid !== null) history.jar.wasHinted ||= history.scenario.place.hasHint;
}

/** Notes which sessions, and which sign-outs that have not reached every tab, were cleared from storage. */
function addClearing(history: History): void {
  history.jar.storageClearedAt = history.world.now();
  if (!isInCookie(history.scenario)) history.everStored.clear();
  for (const sid of history.startedAt.keys()) history.cleared.add(sid);
  // The browser may still have, or get, the cookie of a sign-out that no answer has confirmed.
  if (isInCookie(history.scenario)) for (const { kind, before } of history.intents) if (kind === 'signOut') for (const sid of before) history.signOutCleared.add(sid);
  for (const { snapshot } of history.clients) {
    const sid = sidOf(history, snapshot);
    if (sid !== null && history.intents.some(({ kind, before }) => kind === 'signOut' && before.includes(sid))) history.signOutCleared.add(sid);
  }
}

function setClock({ setup: { world }, history }: Run, { skewMs, driftPpm }: Extract<WorldEvent, { kind: 'clock' }>): void {
  if (skewMs < world.skewMs) history.setBackAt = world.now();
  if (skewMs > world.skewMs) history.setForwardAt = world.now();
  Object.assign(world, { skewMs, driftPpm });
}

function setOnline({ setup: { world }, history, tabs }: Run, online: boolean): void {
  const isBack = online && !world.online;
  world.online = online;
  if (!isBack) return;
  history.onlineAt = world.now();
  for (const { tab } of tabs.allOpen()) if (!tab.process.isFrozen()) tab.wake('online');
}

/** How a server with a mistake writes the answer to a refresh. It has rotated the refresh token. */
const REWRITES: Partial<Record<EndpointMode, (answer: string) => string>> = {
  onlyRefreshToken: (answer) => answer.replace(/"access_token":"[^"]+",/, ''),
  unreadable: (answer) => answer.replace(/_token(?=":")/g, ''),
};

function setEndpointMode({ setup: { api, world } }: Run, { mode, retryAfter }: Extract<WorldEvent, { kind: 'api' }>): void {
  api.clearFaults();
  world.rewrite = REWRITES[mode] ?? ((answer) => answer);
  if (mode in REWRITES) return;
  if (mode === 'html') api.addFault({ endpoint: 'refresh', kind: 'html' });
  else if (mode !== 'ok') api.addFault({ endpoint: 'refresh', kind: 'status', status: Number(mode), ...(retryAfter === null ? {} : { retryAfter }) });
}

/** An event of one tab. */
export type TabEvent = Extract<WorldEvent, { tab: TabChoice }>;

/** Applies an event to a tab. */
export function applyToTab(run: Run, event: TabEvent, client: TabClient): void {
  const { tab } = client;
  if (event.kind === 'thaw') return tab.process.isFrozen() ? thaw(client) : undefined;
  if (event.kind === 'kill') return tab.process.dieAfter(event.afterSteps);
  if (event.kind === 'reload' || event.kind === 'duplicate') {
    if (event.kind === 'reload') client.tab.kill();
    return void run.tabs.open({ cloneOf: client.tab });
  }
  if (!tab.process.isFrozen()) applyToRunningTab(run, event, client);
}

function applyToRunningTab(run: Run, event: TabEvent, client: TabClient): void {
  const { setup, history, tabs } = run;
  const { tab, auth } = client;
  if (event.kind === 'call') makeCalls(run, event, client);
  else if (event.kind === 'write') void tabs.call(client, { method: 'POST', body: '{"text":"kept"}' });
  else if (event.kind === 'refresh') tabs.refresh(client);
  else if (event.kind === 'signIn') void tabs.signIn(client, event.bot);
  else if (event.kind === 'signOut') tabs.signOut(client);
  else if (event.kind === 'restore') tabs.restore(client);
  else if (event.kind === 'close') {
    auth.dispose();
    client.disposedAt = setup.world.now();
  } else if (event.kind === 'wake') {
    if (event.signal === 'online') history.onlineAt = setup.world.now();
    tab.wake(event.signal);
  } else if (event.kind === 'background') {
    tab.process.throttle(event.clampMs);
    if (event.clampMs === 0) tab.wake('visible');
  } else if (event.kind === 'freeze') tab.process.freeze();
}

function makeCalls({ tabs }: Run, { times, abortMs }: Extract<TabEvent, { kind: 'call' }>, client: TabClient): void {
  for (let count = 0; count < times; count++) {
    const controller = new AbortController();
    if (abortMs !== null) client.tab.process.setTimer(() => controller.abort(), abortMs);
    void tabs.call(client, { signal: controller.signal });
  }
}

function thaw({ tab }: TabClient): void {
  tab.process.thaw();
  tab.wake('resume');
  tab.wake('visible');
}

/** Removes all faults, waits, and checks that every session that nothing has ended still works. */
async function recover(run: Run): Promise<void> {
  const { setup: { world, api }, history, tabs, monitor } = run;
  Object.assign(world, { latencyMs: 10, faultOf: () => 'none', rewrite: (answer: string) => answer });
  Object.assign(world.storage, { fault: 'none', slowMs: 0 });
  api.clearFaults();
  api.configure({ accessTokenLifetimeMs: LONG_LIFE_MS });
  for (const client of history.clients) {
    client.tab.process.dieAfter(Infinity);
    client.tab.process.throttle(0);
    thaw(client);
  }
  setOnline(run, true);
  await world.advance(SETTLING_MS);
  for (const { tab } of tabs.allOpen()) tab.wake('visible');
  await world.advance(1000);
  // A blocked refresh waits for the app, which asks again here.
  for (const client of tabs.allOpen()) if (client.snapshot.refresh.state === 'blocked') tabs.refresh(client);
  await world.advance(SETTLING_MS);
  history.isRecovered = true;
  const signedIn = tabs.allOpen().filter(({ snapshot }) => mustWork(history, sidOf(history, snapshot)));
  await world.until(Promise.all(signedIn.map((client) => tabs.call(client))));
  // Without locks the others wait for a dead tab's attempt longer than a call waits for a token.
  if (!history.scenario.hasLocks) await world.advance(SETTLING_MS).then(() => world.until(Promise.all(signedIn.map((client) => tabs.call(client)))));
  await world.advance(SETTLING_MS); // The last answer reaches all tabs.
  const failing = history.calls.slice(-signedIn.length || Infinity).find(({ status }) => status !== 200);
  if (failing) monitor.report(3, `a call of ${failing.client.tab.name} ends with ${failing.status ?? failing.outcome} although all faults are over`);
}

/** Whether calls of this session must succeed after the recovery. */
function mustWork(history: History, sid: number | null): boolean {
  return sid !== null && !history.endedByApi.has(sid) && !hasLostAnswer(history, sid);
}

/** Disposes of all clients, and waits long enough to see what they still hold. */
async function disposeAll({ setup: { world }, history, tabs }: Run): Promise<void> {
  history.isRecovered = false;
  for (const client of tabs.allOpen()) {
    client.auth.dispose();
    client.disposedAt = world.now();
  }
  await world.advance(SETTLING_MS);
}

function countFault({ faults }: Counts, event: WorldEvent): void {
  const kind = faultOf(event);
  if (kind !== null) faults[kind] = (faults[kind] ?? 0) + 1;
}

const FAULTS: readonly WorldEvent['kind'][] = ['serverSignIn', 'clearJar', 'revoke', 'endSession', 'reload', 'kill', 'freeze', 'sleep', 'clear', 'clock'];

/** Names the fault that an event injects, or returns `null`. */
function faultOf(event: WorldEvent): string | null {
  if (event.kind === 'network') return event.fault === 'none' ? null : `network ${event.fault}`;
  if (event.kind === 'storage') return event.fault === 'none' ? (event.slowMs > 0 ? 'storage slow' : null) : `storage ${event.fault}`;
  if (event.kind === 'api') return event.mode === 'ok' ? null : `API ${event.mode}`;
  if (event.kind === 'background') return event.clampMs === 0 ? null : `timers of ${event.clampMs / 1000} s`;
  if (event.kind === 'online') return event.online ? null : 'offline';
  return FAULTS.includes(event.kind) ? event.kind : null;
}
