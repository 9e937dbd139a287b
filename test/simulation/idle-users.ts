import fc from 'fast-check';
import { createBotTokens } from 'unexpired/bonfire';
import { limitSession, type AuthClient, type SessionLimits } from 'unexpired/core';
import { createSetup, type Setup } from '../support/setup.ts';
import type { NetworkFault, StorageFault, Tab } from '../support/world.ts';
import { createIdleTruth, IDLE_MS, LONGEST_MS, type IdleTruth } from './idle-truth.ts';
import { Violation } from './monitor.ts';

/** What happens to the tabs of a user whose session is limited. `tab` counts modulo the open tabs. */
type IdleEvent =
  | { readonly kind: 'advance' | 'sleep' | 'jump'; readonly ms: number }
  | { readonly kind: 'touch' | 'call' | 'refresh' | 'signIn' | 'signOut' | 'kill' | 'reload' | 'freeze' | 'thaw'; readonly tab: number }
  | { readonly kind: 'throttle'; readonly tab: number; readonly ms: number }
  | { readonly kind: 'open' | 'clear' }
  | { readonly kind: 'network'; readonly fault: NetworkFault }
  | { readonly kind: 'storage'; readonly fault: StorageFault };

/** Everything that is drawn for one world. */
export interface IdleScenario {
  readonly tabs: number;
  readonly hasLocks: boolean;
  readonly events: readonly IdleEvent[];
}

const MINUTE = 60_000;
const tab = fc.nat(5);
const ofTab = (weight: number, kind: 'touch') => ({ weight, arbitrary: fc.record({ kind: fc.constant(kind), tab }) as fc.Arbitrary<IdleEvent> });
const span = fc.oneof(fc.nat(6000), fc.nat(2 * MINUTE), fc.nat(6 * MINUTE), fc.integer({ min: IDLE_MS - 5000, max: IDLE_MS + 5000 }));

/** Draws worlds. */
export const anyIdleScenario: fc.Arbitrary<IdleScenario> = fc.noBias(fc.record({
  tabs: fc.integer({ min: 1, max: 4 }),
  hasLocks: fc.constantFrom(true, true, true, false),
  events: fc.array(
    fc.oneof(
      { weight: 14, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: span }) },
      ofTab(12, 'touch'),
      ...(['call', 'refresh'] as const).map((kind) => ofTab(4, kind as 'touch')),
      ...(['signIn', 'kill', 'reload', 'freeze', 'thaw', 'thaw'] as const).map((kind) => ofTab(2, kind as 'touch')),
      ofTab(1, 'signOut' as 'touch'),
      { weight: 2, arbitrary: fc.constant({ kind: 'open' } as IdleEvent) },
      { weight: 1, arbitrary: fc.constant({ kind: 'clear' } as IdleEvent) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('throttle' as const), tab, ms: fc.constantFrom(0, 1000, MINUTE) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('sleep' as const), ms: span }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('jump' as const), ms: fc.constantFrom(-60 * MINUTE, -5 * MINUTE, -2000, 2000, 5 * MINUTE) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('network' as const), fault: fc.constantFrom<NetworkFault>('none', 'none', 'dropBefore', 'late') }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('storage' as const), fault: fc.constantFrom<StorageFault>('none', 'none', 'readsFail', 'writesFail') }) },
    ),
    { minLength: 4, maxLength: 45, size: 'max' },
  ),
}));

/** An open tab with limits. */
export interface IdleTab {
  readonly tab: Tab;
  readonly auth: AuthClient;
  readonly limits: SessionLimits;
}

/** A change of a tab that shows that the simulation detects a defect. */
export interface IdleDefect {
  readonly platform?: (platform: Tab['platform']) => Tab['platform'];
  readonly client?: (client: IdleTab) => void;
}

interface Run {
  readonly setup: Setup;
  readonly scenario: IdleScenario;
  readonly truth: IdleTruth;
  readonly tabs: IdleTab[];
  readonly defect: IdleDefect;
}

/** The invariants that these worlds check. Those with a number of the obligations keep it. */
const NAMES = { 3: 'no session ends by itself', 4: 'every call settles', 6: 'an ended session holds no token', 11: 'a session ends in time' };

/**
 * Runs a world to its end. Then all faults are removed, and no user is active any more.
 *
 * @returns how many sessions ended as idle, and how many after the longest time
 * @throws Violation that names the invariant which does not hold
 */
export async function runIdle(scenario: IdleScenario, defect: IdleDefect = {}): Promise<Readonly<Record<string, number>>> {
  const setup = createSetup({ accessTokenLifetimeMs: 4 * MINUTE });
  const tabs: IdleTab[] = [];
  const truth = createIdleTruth(setup.world, tabs, (number, detail) => new Violation({ number, name: NAMES[number] }, detail, setup.world.now()));
  const run = { setup, scenario, truth, tabs, defect };
  for (let count = 0; count < scenario.tabs; count++) open(run);
  signIn(run, tabs[0]!);
  await setup.world.advance(1000);
  for (const event of scenario.events) await apply(run, event);
  await recover(run);
  for (const { auth } of tabs) auth.dispose();
  return truth.ends;
}

function open({ setup, scenario, tabs, defect }: Run): void {
  const tab = setup.world.openTab({ hasLocks: scenario.hasLocks });
  const platform = defect.platform?.(tab.platform) ?? tab.platform;
  const { auth } = setup.open({ platform });
  const limits = limitSession(auth, { idle: { timeoutMs: IDLE_MS }, maxSessionMs: LONGEST_MS });
  const client = { tab, auth, limits };
  defect.client?.(client);
  void auth.ready().catch(() => undefined);
  tabs.push(client);
}

function signIn({ setup }: Run, { auth }: IdleTab): void {
  void auth.signIn(createBotTokens(setup.protocol, ['ember'])).catch(() => undefined);
}

async function apply(run: Run, event: IdleEvent): Promise<void> {
  const { setup: { world }, truth, tabs } = run;
  switch (event.kind) {
    case 'advance':
      return world.advance(event.ms);
    case 'sleep':
      truth.disturbed();
      await world.sleep(event.ms);
      for (const { tab } of tabs) tab.wake('visible');
      return;
    case 'jump':
      truth.jumped(event.ms);
      return void (world.skewMs += event.ms);
    case 'open':
      return open(run);
    case 'clear':
      truth.lost();
      return world.storage.clear();
    case 'network':
      return void (world.faultOf = () => event.fault);
    case 'storage':
      if (event.fault !== 'none') truth.lost();
      return void (world.storage.fault = event.fault);
    default: {
      const client = tabs[event.tab % tabs.length];
      if (client) await applyToTab(run, event, client);
    }
  }
}

async function applyToTab(run: Run, event: Extract<IdleEvent, { tab: number }>, client: IdleTab): Promise<void> {
  const { setup: { world }, truth, tabs } = run;
  const { tab, auth } = client;
  if (event.kind === 'kill' || event.kind === 'reload') {
    truth.disturbed(client);
    tab.kill();
    tabs.splice(tabs.indexOf(client), 1);
    if (event.kind === 'reload' || tabs.length === 0) open(run);
  } else if (event.kind === 'thaw') thaw(tab);
  else if (event.kind === 'throttle') tab.process.throttle(event.ms);
  else if (event.kind === 'freeze') {
    truth.disturbed(client);
    await world.advance(0);
    tab.process.freeze();
  } else if (!tab.process.isFrozen()) act(run, event.kind, client, auth);
}

function act(run: Run, kind: 'touch' | 'call' | 'refresh' | 'signIn' | 'signOut', client: IdleTab, auth: AuthClient): void {
  if (kind === 'touch') run.truth.touch(client);
  else if (kind === 'call') run.truth.settles(client, auth.fetch('/posts', { method: 'POST', body: '{}' }));
  else if (kind === 'refresh') run.truth.settles(client, auth.refresh());
  else if (kind === 'signIn') signIn(run, client);
  else void auth.signOut().catch(() => undefined);
}

function thaw(tab: Tab): void {
  if (tab.process.isFrozen()) tab.process.thaw();
  tab.wake('visible');
}

/** Removes all faults. The tabs agree, and when the user has not been active for long enough, none has a session. */
async function recover({ setup, truth, tabs }: Run): Promise<void> {
  const { world } = setup;
  world.faultOf = () => 'none';
  world.storage.fault = 'none';
  for (const { tab } of tabs) {
    tab.process.throttle(0);
    thaw(tab);
    tab.wake('online');
  }
  await world.advance(MINUTE + 40_000);
  truth.agree();
  await world.advance(IDLE_MS + MINUTE);
  truth.isOver(setup.storedText());
}
