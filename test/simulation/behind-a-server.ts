import fc from 'fast-check';
import { restoreSession, type AuthClient } from 'unexpired/core';
import { serverSignIn, type ViaServerProtocol } from 'unexpired/via-server';
import { createServerSetup, type ServerSetup } from '../support/server-setup.ts';
import type { NetworkFault, StorageFault, Tab } from '../support/world.ts';
import { emptyCounts, type Counts } from './counts.ts';
import { Violation } from './monitor.ts';

/** What happens to the tabs of a browser and to the two instances of their server. `tab` counts modulo the open tabs. Each sign-in is another user. */
type PageEvent =
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'call' | 'signIn' | 'signOut' | 'restore' | 'kill' | 'reload' | 'freeze' | 'thaw'; readonly tab: number }
  | { readonly kind: 'open' | 'serverSignIn' | 'endAll' | 'restart' | 'clear' }
  | { readonly kind: 'network'; readonly fault: NetworkFault; readonly latencyMs: number }
  | { readonly kind: 'storage'; readonly fault: StorageFault }
  | { readonly kind: 'down'; readonly status: number | null };

/** Everything that is drawn for one world. */
export interface PageScenario {
  /** Where access tokens are: on the server, or in the memory of each tab. */
  readonly place: 'server' | 'page';
  readonly tabs: number;
  readonly hasLocks: boolean;
  readonly events: readonly PageEvent[];
}

const tab = fc.nat(5);
const ofTab = (weight: number, kind: 'call') => ({ weight, arbitrary: fc.record({ kind: fc.constant(kind), tab }) as fc.Arbitrary<PageEvent> });
const plain = (weight: number, kind: PageEvent['kind']) => ({ weight, arbitrary: fc.constant({ kind } as PageEvent) });

/** A user signs in at the server while a tab shows another one. */
const changeOfUser = (tab: number): readonly PageEvent[] => [{ kind: 'signIn', tab }, { kind: 'advance', ms: 5000 }, { kind: 'serverSignIn' }, { kind: 'call', tab }];

/** Draws worlds. */
export const anyPageScenario: fc.Arbitrary<PageScenario> = fc.noBias(fc.record({
  place: fc.constantFrom('server', 'server', 'page'),
  tabs: fc.integer({ min: 1, max: 5 }),
  hasLocks: fc.constantFrom(true, true, true, false),
  events: fc.array(
    fc.oneof(
      { weight: 12, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.oneof(fc.nat(50), fc.nat(5000), fc.nat(90_000)) }) },
      ofTab(10, 'call'),
      ...(['signIn', 'signOut', 'restore', 'kill', 'reload', 'freeze', 'thaw'] as const).map((kind) => ofTab(2, kind as 'call')),
      ...(['open', 'serverSignIn', 'endAll', 'restart', 'clear'] as const).map((kind) => plain(kind === 'serverSignIn' ? 2 : 1, kind)),
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('network' as const), fault: fc.constantFrom<NetworkFault>('none', 'none', 'dropBefore', 'dropAfter', 'late'), latencyMs: fc.integer({ min: 2, max: 3000 }) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('storage' as const), fault: fc.constantFrom<StorageFault>('none', 'none', 'readsFail', 'writesFail') }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('down' as const), status: fc.constantFrom(null, null, 500, 502, 503) }) },
    ),
    { minLength: 1, maxLength: 40, size: 'max' },
  ).chain((events) => fc.record({ at: fc.nat(40), tab }).map(({ at, tab }) => events.toSpliced(at, 0, ...changeOfUser(tab)))),
}));

interface OpenTab {
  readonly tab: Tab;
  readonly auth: AuthClient;
}

/** A call, and the user whom its tab showed when it was made; `null` if it showed none, because a restore may be running. */
interface PageCall {
  readonly user: string | null;
  answer: { readonly status: number; readonly user: string | null } | null;
  isOver: boolean;
}

interface Run {
  readonly setup: ServerSetup;
  readonly scenario: PageScenario;
  readonly protocol: ViaServerProtocol;
  readonly tabs: OpenTab[];
  readonly calls: PageCall[];
  /** Calls that went to the API as another user. */
  readonly violations: string[];
  readonly counts: Counts;
  users: number;
}

/** The invariants that these worlds check, as the obligations of the package number them. */
const NAMES = { 2: 'no spent refresh token', 3: 'no session ends by itself', 4: 'every call settles', 5: 'no call as another user', 9: 'no token in a page' };

const APP = 'https://app.bonfire.test/';
const SETTLING_MS = 90_000;

/**
 * Runs a world to its end, then removes all faults and waits until nothing happens any more.
 *
 * @param change changes the protocol of the page, to show that a defect in it is detected
 * @param trace is called with a line for each event
 * @returns what has happened
 * @throws Violation that names the invariant which does not hold
 */
export async function runPages(scenario: PageScenario, change: (protocol: ViaServerProtocol) => ViaServerProtocol = (protocol) => protocol, trace?: (line: string) => void): Promise<Counts> {
  const setup = createServerSetup(scenario.place);
  setup.server.lifetimeMs = 60_000;
  const run: Run = { setup, scenario, protocol: change(setup.protocol), tabs: [], calls: [], violations: [], counts: emptyCounts(), users: 0 };
  watchApi(run);
  for (let count = 0; count < scenario.tabs; count++) open(run);
  for (const event of scenario.events) {
    trace?.(`${setup.world.now()} ${JSON.stringify(event)}`);
    count(run.counts, event);
    await apply(run, event);
    check(run);
  }
  await recover(run);
  check(run);
  for (const { auth } of run.tabs) auth.dispose();
  return Object.assign(run.counts, { worlds: 1, steps: setup.world.steps(), refreshes: setup.server.sent.length, calls: run.calls.length, sends: setup.calls().length });
}

function violated({ setup }: Run, number: keyof typeof NAMES, detail: string): Violation {
  return new Violation({ number, name: NAMES[number] }, detail, setup.world.now());
}

/** Counts an event that is a fault. */
function count({ faults }: Counts, event: PageEvent): void {
  const isFault = event.kind === 'network' || event.kind === 'storage' ? event.fault !== 'none' : event.kind === 'down' ? event.status !== null : ['kill', 'freeze', 'restart', 'clear', 'endAll'].includes(event.kind);
  if (!isFault) return;
  const kind = 'fault' in event ? event.fault : event.kind;
  faults[kind] = (faults[kind] ?? 0) + 1;
}

function open({ setup, scenario, protocol, tabs, counts }: Run): void {
  counts.tabs++;
  const opened = setup.open({ protocol }, { hasLocks: scenario.hasLocks });
  void opened.auth.ready().catch(() => undefined);
  tabs.push(opened);
}

/** Compares each request that reaches the API with the user of its call. */
function watchApi({ setup: { world }, calls, violations }: Run): void {
  const before = world.onExchange;
  world.onExchange = (exchange) => {
    before(exchange);
    const [, number] = /\/v1\/calls\/(\d+)$/.exec(exchange.url) ?? [];
    const call = calls[Number(number)];
    const user = exchange.authorization?.replace(/^Bearer (.*)-access-.*$/, '$1');
    if (call && call.user !== null && user !== call.user) violations.push(`call ${number} of ${call.user} goes to the API as ${user}`);
  };
}

function check(run: Run): void {
  const { setup, violations: [violation], scenario } = run;
  if (violation) throw violated(run, 5, violation);
  if (setup.server.reuses > 0) throw violated(run, 2, `a spent refresh token was sent: ${setup.server.sent.join()}`);
  const seen = JSON.stringify([...setup.world.storage.values.values()]);
  if (/-refresh-|-access-/.test(seen)) throw violated(run, 9, `storage of a page has a token (${scenario.place})`);
}

async function apply(run: Run, event: PageEvent): Promise<void> {
  const { setup, tabs } = run;
  const { world } = setup;
  switch (event.kind) {
    case 'advance':
      return world.advance(event.ms);
    case 'open':
      return open(run);
    case 'serverSignIn':
      return setup.answer ? undefined : setup.signInByServer(`user${++run.users}`);
    case 'endAll':
      return void (await world.until(setup.sessions[0]!.endAll(`user${run.users || 1}`)));
    case 'restart':
      return setup.restart();
    case 'clear':
      return world.storage.clear();
    case 'network':
      world.latencyMs = event.latencyMs;
      return void (world.faultOf = ({ url }) => (url.startsWith(APP) ? event.fault : 'none'));
    case 'storage':
      return void (world.storage.fault = event.fault);
    case 'down':
      return void (setup.answer = event.status === null ? null : () => Response.json({ error: 'down' }, { status: event.status!, headers: { 'x-session-error': 'down' } }));
    default: {
      const client = tabs[event.tab % tabs.length];
      if (client) await applyToTab(run, event.kind, client);
    }
  }
}

async function applyToTab(run: Run, kind: Extract<PageEvent, { tab: number }>['kind'], { tab, auth }: OpenTab): Promise<void> {
  const { setup: { world }, protocol, tabs } = run;
  if (kind === 'kill' || kind === 'reload') {
    tab.kill();
    tabs.splice(tabs.findIndex((opened) => opened.tab === tab), 1);
    if (kind === 'reload') open(run);
  } else if (kind === 'thaw') thaw(tab);
  else if (kind === 'freeze') {
    await world.advance(0);
    tab.process.freeze();
  } else if (!tab.process.isFrozen()) {
    if (kind === 'call') void call(run, auth);
    else if (kind === 'signIn') void auth.signIn(serverSignIn(protocol, { user: `user${++run.users}` })).catch(() => undefined);
    else if (kind === 'signOut') void auth.signOut().catch(() => undefined);
    else void restoreSession(auth).catch(() => undefined);
  }
}

function thaw(tab: Tab): void {
  if (tab.process.isFrozen()) tab.process.thaw();
  tab.wake('visible');
}

async function call({ calls }: Run, auth: AuthClient): Promise<PageCall> {
  const { tokens } = auth.getSnapshot();
  const own: PageCall = { user: (tokens?.extra?.['subject'] as string | undefined) ?? null, answer: null, isOver: false };
  calls.push(own);
  const response = await auth.fetch(`/calls/${calls.length - 1}`).catch(() => null);
  own.isOver = true;
  if (response) own.answer = { status: response.status, user: response.ok ? ((await response.json()) as { user: string }).user : null };
  return own;
}

/** Removes all faults. All tabs then agree with the server about who is signed in, and their calls work. */
async function recover(run: Run): Promise<void> {
  const { setup, tabs } = run;
  const { world } = setup;
  Object.assign(world, { latencyMs: 10, faultOf: () => 'none' });
  world.storage.fault = 'none';
  setup.answer = null;
  for (const { tab } of tabs) {
    thaw(tab);
    tab.wake('online');
  }
  await world.advance(SETTLING_MS);
  for (const { tab } of tabs) tab.wake('online'); // A sign-out whose tab was closed before its request is repeated now.
  await world.advance(SETTLING_MS);
  for (const { auth } of tabs) void restoreSession(auth).catch(() => undefined);
  await world.advance(SETTLING_MS);
  const truth = (await (await world.until(setup.send('/auth/session', { headers: { 'sec-fetch-site': 'same-origin' } }))).json()) as { status: string; subject: string | null };
  for (const { tab, auth } of tabs) {
    const { status, tokens, refresh } = auth.getSnapshot();
    const subject = tokens?.extra?.['subject'] ?? null;
    if (status !== truth.status || (tokens && subject !== truth.subject)) throw violated(run, 3, `${tab.name} shows ${status} ${subject} (${refresh.error?.message}), and the server has ${truth.status} ${truth.subject}`);
    const last = await world.until(call(run, auth));
    if (truth.status === 'signedIn' && last.answer?.user !== truth.subject) throw violated(run, 3, `a call of ${tab.name} gets ${JSON.stringify(last.answer)}, and ${truth.subject} is signed in`);
  }
  await world.advance(SETTLING_MS);
  const pending = run.calls.filter(({ isOver }) => !isOver).length;
  if (pending > 0 && run.tabs.length === run.scenario.tabs && !run.scenario.events.some(({ kind }) => kind === 'kill' || kind === 'reload')) throw violated(run, 4, `${pending} calls have not settled`);
}
