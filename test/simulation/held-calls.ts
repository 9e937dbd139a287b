import fc from 'fast-check';
import { createBotTokens } from 'unexpired/bonfire';
import { AuthError, holdCalls, limitSession, type AuthClient, type Hold, type HoldOptions } from 'unexpired/core';
import { createSetup, type Setup } from '../support/setup.ts';
import type { NetworkFault, StorageFault, Tab } from '../support/world.ts';
import { createHeldTruth, HOLD_MS, MOST_CALLS, type HeldCall, type HeldTruth } from './held-truth.ts';
import { createTokenReader } from './token-facts.ts';

const IDLE_MS = 10 * 60_000;
const MINUTE = 60_000;

type Bot = 'ember' | 'cinder';

/** What happens to tabs whose calls are held. `tab` counts modulo the open tabs. */
type HeldEvent =
  | { readonly kind: 'advance' | 'sleep'; readonly ms: number }
  | { readonly kind: 'call'; readonly tab: number; readonly abortMs: number | null }
  | { readonly kind: 'signIn'; readonly tab: number; readonly bot: Bot }
  | { readonly kind: 'signOut' | 'discard' | 'touch' | 'kill' | 'reload' | 'freeze' | 'thaw'; readonly tab: number }
  | { readonly kind: 'endSession' | 'revoke' | 'idle' | 'clear' }
  | { readonly kind: 'network'; readonly fault: NetworkFault; readonly latencyMs: number }
  | { readonly kind: 'storage'; readonly fault: StorageFault };

/** Everything that is drawn for one world. */
export interface HeldScenario {
  readonly tabs: number;
  readonly hasLocks: boolean;
  /** Whether sessions end without activity, too. */
  readonly isLimited: boolean;
  readonly events: readonly HeldEvent[];
}

const tab = fc.nat(5);
const bot = fc.constantFrom<Bot>('ember', 'ember', 'ember', 'cinder');
const pause = fc.oneof(fc.nat(100), fc.nat(5000), fc.nat(MINUTE), fc.nat(HOLD_MS));
const ofTab = (weight: number, kind: 'touch' | 'signOut' | 'discard' | 'kill' | 'reload' | 'freeze' | 'thaw') => ({ weight, arbitrary: fc.record({ kind: fc.constant(kind), tab }) as fc.Arbitrary<HeldEvent> });
const once = (weight: number, kind: 'endSession' | 'revoke' | 'idle' | 'clear') => ({ weight, arbitrary: fc.constant<HeldEvent>({ kind }) });

/** Draws worlds. */
export const anyHeldScenario: fc.Arbitrary<HeldScenario> = fc.noBias(fc.record({
  tabs: fc.integer({ min: 1, max: 3 }),
  hasLocks: fc.constantFrom(true, true, true, false),
  isLimited: fc.boolean(),
  events: fc.array(
    fc.oneof(
      { weight: 12, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: pause }) },
      { weight: 14, arbitrary: fc.record({ kind: fc.constant('call' as const), tab, abortMs: fc.option(fc.nat(2 * MINUTE), { freq: 6 }) }) },
      { weight: 7, arbitrary: fc.record({ kind: fc.constant('signIn' as const), tab, bot }) },
      once(6, 'endSession'),
      once(2, 'revoke'),
      once(2, 'idle'),
      once(1, 'clear'),
      ...(['touch', 'kill', 'reload', 'freeze', 'thaw', 'thaw'] as const).map((kind) => ofTab(2, kind)),
      ofTab(1, 'signOut'),
      ofTab(3, 'discard'),
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('sleep' as const), ms: pause }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('network' as const), fault: fc.constantFrom<NetworkFault>('none', 'none', 'none', 'dropBefore', 'dropAfter', 'late'), latencyMs: fc.constantFrom(2, 20, 300, 3000) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('storage' as const), fault: fc.constantFrom<StorageFault>('none', 'none', 'none', 'readsFail', 'writesFail') }) },
    ),
    { minLength: 4, maxLength: 45, size: 'max' },
  ),
}));

/** An open tab whose calls are held. */
export interface HeldTab {
  readonly tab: Tab;
  readonly auth: AuthClient;
  readonly hold: Hold;
  /** Since when it runs: it was opened, thawed, or the device woke up. */
  awakeSince: number;
  /** When its session was last lost; `null` before the first time. */
  lostAt: number | null;
  /** When it last ceased to be lost. */
  foundAt: number;
}

/** A change of a tab that shows that the simulation detects a defect. */
export interface HeldDefect {
  readonly options?: HoldOptions;
  readonly client?: (client: HeldTab) => void;
}

interface Run {
  readonly setup: Setup;
  readonly scenario: HeldScenario;
  readonly truth: HeldTruth;
  readonly tabs: HeldTab[];
  readonly defect: HeldDefect;
}

/**
 * Runs a world to its end. Then all faults are removed, and the user of a lost session signs in again.
 *
 * @returns how many calls of a lost session went on
 * @throws Violation that names the invariant which does not hold
 */
export async function runHeld(scenario: HeldScenario, defect: HeldDefect = {}): Promise<number> {
  const setup = createSetup({ accessTokenLifetimeMs: 4 * MINUTE });
  const { world, api } = setup;
  const tabs: HeldTab[] = [];
  const truth = createHeldTruth(world, tabs, createTokenReader(), (sid) => api.sessions.find(({ id }) => id === sid)?.botId ?? null);
  const run = { setup, scenario, truth, tabs, defect };
  for (let count = 0; count < scenario.tabs; count++) open(run);
  signIn(run, tabs[0]!, 'ember');
  await world.advance(1000);
  for (const event of scenario.events) await apply(run, event);
  await recover(run);
  for (const { auth } of tabs) auth.dispose();
  await world.advance(1000);
  const pending = truth.calls.find(({ outcome, client }) => outcome === 'pending' && client.tab.process.isAlive());
  if (pending) throw truth.violated(4, `call ${pending.number} has not settled after its client was disposed of`);
  return truth.wentOn();
}

function open({ setup, scenario, tabs, defect }: Run): void {
  const { world } = setup;
  const { tab, auth } = setup.open({}, { hasLocks: scenario.hasLocks });
  const hold = holdCalls(auth, { maxCalls: MOST_CALLS, timeoutMs: HOLD_MS, ...defect.options });
  if (scenario.isLimited) limitSession(auth, { idle: { timeoutMs: IDLE_MS } });
  const client: HeldTab = { tab, auth, hold, awakeSince: world.now(), lostAt: null, foundAt: -Infinity };
  hold.subscribe(() => {
    const isLost = hold.getSnapshot().cause !== null;
    if (isLost && (client.lostAt ?? -Infinity) <= client.foundAt) client.lostAt = world.now();
    else if (!isLost) client.foundAt = world.now();
  });
  defect.client?.(client);
  void auth.ready().catch(() => undefined);
  tabs.push(client);
}

function signIn({ setup }: Run, { auth }: HeldTab, bot: Bot): void {
  void auth.signIn(createBotTokens(setup.protocol, [bot])).catch(() => undefined);
}

async function apply(run: Run, event: HeldEvent): Promise<void> {
  const { setup: { world, api }, tabs } = run;
  switch (event.kind) {
    case 'advance':
      return world.advance(event.ms);
    case 'sleep':
      await world.sleep(event.ms);
      for (const client of tabs) thaw(run, client);
      return;
    case 'endSession':
      return void api.endSession({}, 460);
    case 'revoke':
      return void api.revokeAccessTokens();
    case 'idle':
      return world.advance(run.scenario.isLimited ? IDLE_MS + 1000 : 0);
    case 'clear':
      return world.storage.clear();
    case 'network':
      world.latencyMs = event.latencyMs;
      // Only token requests are late: as with `fetch`, a call that takes long is up to the caller.
      return void (world.faultOf = ({ url }) => (event.fault === 'late' && !url.includes('/oauth') ? 'none' : event.fault));
    case 'storage':
      return void (world.storage.fault = event.fault);
    default: {
      const client = tabs[event.tab % tabs.length];
      if (client) await applyToTab(run, event, client);
    }
  }
}

async function applyToTab(run: Run, event: Extract<HeldEvent, { tab: number }>, client: HeldTab): Promise<void> {
  const { setup: { world }, tabs } = run;
  const { tab } = client;
  if (event.kind === 'kill' || event.kind === 'reload') {
    tab.kill();
    tabs.splice(tabs.indexOf(client), 1);
    if (event.kind === 'reload' || tabs.length === 0) open(run);
  } else if (event.kind === 'thaw') thaw(run, client);
  else if (event.kind === 'freeze') {
    await world.advance(0);
    tab.process.freeze();
  } else if (!tab.process.isFrozen()) act(run, event, client);
}

function act(run: Run, event: Extract<HeldEvent, { tab: number }>, client: HeldTab): void {
  const { auth, tab, hold } = client;
  if (event.kind === 'signIn') signIn(run, client, event.bot);
  else if (event.kind === 'call') makeCall(run, client, event.abortMs);
  else if (event.kind === 'touch') tab.wake('focus');
  else if (event.kind === 'signOut') {
    giveUp(run, client);
    void auth.signOut().catch(() => undefined);
  } else if (event.kind === 'discard' && hold.getSnapshot().cause !== null) {
    giveUp(run, client);
    hold.discard();
  }
}

/** From now on nothing of a lost session is sent. */
function giveUp({ truth }: Run, client: HeldTab): void {
  if (client.hold.getSnapshot().cause === null) return;
  for (const call of truth.calls) if (call.client === client && call.outcome === 'pending') call.isGivenUp = true;
}

function makeCall({ truth }: Run, client: HeldTab, abortMs: number | null): void {
  const controller = new AbortController();
  if (abortMs !== null) client.tab.process.setTimer(() => controller.abort(), abortMs);
  const call = truth.begin(client);
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text: textOf(call) }), signal: controller.signal };
  client.auth.fetch(`/users/me/posts?call=${call.number}`, init).then(
    ({ status }) => void Object.assign(call, { outcome: 'answered', status }),
    (error: unknown) => void Object.assign(call, { outcome: 'rejected', code: AuthError.is(error) ? error.code : String(error) }),
  );
}

const textOf = ({ number }: Pick<HeldCall, 'number'>) => `text of call ${number}.`;

function thaw({ setup: { world } }: Run, client: HeldTab): void {
  client.awakeSince = world.now();
  if (client.tab.process.isFrozen()) client.tab.process.thaw();
  client.tab.wake('visible');
}

/** Removes all faults, ends each session, and lets `ember` sign in again. The waiting calls of `ember` must go on, those of `cinder` must not. */
async function recover(run: Run): Promise<void> {
  const { setup, truth, tabs } = run;
  const { world, api } = setup;
  Object.assign(world, { latencyMs: 10, faultOf: () => 'none' });
  world.storage.fault = 'none';
  for (const client of tabs) thaw(run, client);
  await world.advance(2 * MINUTE);
  api.endSession({}, 460);
  api.revokeAccessTokens();
  for (const client of tabs) makeCall(run, client, null);
  await world.advance(5000);
  const waiting = truth.calls.filter(({ client, outcome }) => outcome === 'pending' && client.hold.getSnapshot().cause !== null && tabs.includes(client));
  signIn(run, tabs[0]!, 'ember');
  await world.advance(MINUTE);
  for (const { number, user, outcome, status, code } of waiting) {
    if (user === undefined) continue;
    const isRight = user === 'ember' ? status === 201 : outcome === 'rejected' && code === 'session_changed';
    if (!isRight) throw truth.violated(4, `call ${number} of ${user ?? 'no user'}, which waited, has ended with ${status ?? String(code ?? outcome)}`);
  }
  await checkPosts(run);
}

/** Each call that was answered is carried out once, with its whole body. */
async function checkPosts({ setup, truth, tabs }: Run): Promise<void> {
  const { world } = setup;
  const answer = (await (await world.until(tabs[0]!.auth.fetch('/posts'))).json()) as { data: { attributes: { text: string } }[] };
  const texts = answer.data.map(({ attributes }) => attributes.text);
  for (const call of truth.calls) {
    const count = texts.filter((text) => text === textOf(call)).length;
    if (count > 1 || (call.status === 201 && count === 0 && texts.length < MOST_POSTS)) throw truth.violated(4, `call ${call.number} is carried out ${count} times`);
  }
}

/** A page of the feed has that many posts. */
const MOST_POSTS = 20;
