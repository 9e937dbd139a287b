import fc from 'fast-check';
import type { AuthClient } from 'unexpired/core';
import { createSeveralApis, FILES, MAIL, MAIN, type SeveralApis } from '../support/several-apis.ts';
import type { NetworkFault, Tab } from '../support/world.ts';
import { createApiTruth, type ApiTruth } from './api-truth.ts';

/** What happens to the tabs of an app with several APIs. `tab` counts modulo the open tabs, `api` modulo the APIs. */
type ApiEvent =
  | { readonly kind: 'advance' | 'sleep'; readonly ms: number }
  | { readonly kind: 'call'; readonly tab: number; readonly api: number; readonly times: number }
  | { readonly kind: 'refresh' | 'signOut' | 'kill' | 'reload' | 'freeze' | 'thaw'; readonly tab: number }
  | { readonly kind: 'signIn'; readonly tab: number; readonly user: string }
  | { readonly kind: 'open' }
  | { readonly kind: 'revoke'; readonly api: number }
  | { readonly kind: 'refuse'; readonly api: number; readonly error: string | null }
  | { readonly kind: 'network'; readonly fault: NetworkFault };

/** Everything that is drawn for one world. */
export interface ApiScenario {
  readonly tabs: number;
  readonly hasLocks: boolean;
  readonly accessToken: 'stored' | 'memory';
  readonly rotates: boolean;
  readonly events: readonly ApiEvent[];
}

const ORIGINS = [MAIN, FILES, MAIL];
const tab = fc.nat(4);
const api = fc.nat(2);
const event = <T extends object>(weight: number, members: { readonly [K in keyof T]: fc.Arbitrary<T[K]> }) => ({ weight, arbitrary: fc.record(members) as unknown as fc.Arbitrary<ApiEvent> });
const kind = (...kinds: readonly string[]) => fc.constantFrom(...kinds);

/** Draws worlds. */
export const anyApiScenario: fc.Arbitrary<ApiScenario> = fc.noBias(fc.record({
  tabs: fc.integer({ min: 1, max: 4 }),
  hasLocks: fc.constantFrom(true, true, true, false),
  accessToken: fc.constantFrom('stored' as const, 'stored' as const, 'memory' as const),
  rotates: fc.boolean(),
  events: fc.array(
    fc.oneof(
      event(10, { kind: kind('advance'), ms: fc.oneof(fc.nat(300), fc.nat(5000), fc.nat(90_000)) }),
      event(10, { kind: kind('call'), tab, api, times: fc.constantFrom(1, 1, 4) }),
      event(2, { kind: kind('refresh', 'kill', 'reload', 'thaw', 'thaw'), tab }),
      event(1, { kind: kind('signOut', 'freeze'), tab }),
      event(1, { kind: kind('signIn'), tab, user: fc.constantFrom('ada', 'ada', 'ben') }),
      event(1, { kind: kind('open') }),
      event(2, { kind: kind('sleep'), ms: fc.nat(150_000) }),
      event(2, { kind: kind('revoke'), api }),
      event(2, { kind: kind('refuse'), api: fc.integer({ min: 1, max: 2 }), error: fc.constantFrom('invalid_target', 'invalid_scope', 'consent_required', null, null) }),
      event(2, { kind: kind('network'), fault: fc.constantFrom<NetworkFault>('none', 'none', 'dropBefore', 'dropAfter', 'late') }),
    ),
    { minLength: 4, maxLength: 45, size: 'max' },
  ),
}));

/** An open tab. */
export interface ApiTab {
  readonly tab: Tab;
  readonly auth: AuthClient;
}

/** A change of a tab that shows that the simulation detects a defect. */
export interface ApiDefect {
  readonly platform?: (platform: Tab['platform'], apis: SeveralApis) => Tab['platform'];
  readonly client?: (client: ApiTab, apis: SeveralApis) => void;
}

interface Run {
  readonly apis: SeveralApis;
  readonly scenario: ApiScenario;
  readonly truth: ApiTruth;
  readonly tabs: ApiTab[];
  readonly defect: ApiDefect;
}

/**
 * Runs a world to its end. Then all faults are removed.
 *
 * @returns how many calls each API has answered, and how many sessions the server has ended
 * @throws Violation that names the invariant which does not hold
 */
export async function runApis(scenario: ApiScenario, defect: ApiDefect = {}): Promise<Readonly<Record<string, number>>> {
  const apis = createSeveralApis();
  apis.options.rotates = scenario.rotates;
  const truth = createApiTruth(apis);
  const run: Run = { apis, scenario, truth, tabs: [], defect };
  for (let count = 0; count < scenario.tabs; count++) open(run);
  signIn(run, run.tabs[0]!, 'ada');
  await apis.world.advance(1000);
  for (const one of scenario.events) await apply(run, one);
  await recover(run);
  for (const { auth } of run.tabs) auth.dispose();
  return truth.counts();
}

function open({ apis, scenario, tabs, defect }: Run): void {
  const page = apis.world.openTab({ hasLocks: scenario.hasLocks });
  const opened = apis.open({ platform: defect.platform?.(page.platform, apis) ?? page.platform, accessToken: scenario.accessToken }, {}, page);
  defect.client?.(opened, apis);
  void opened.auth.ready().catch(() => undefined);
  tabs.push(opened);
}

function signIn({ apis }: Run, { auth }: ApiTab, user: string): void {
  void auth.signIn(apis.tokensOf(user)).catch(() => undefined);
}

async function apply(run: Run, one: ApiEvent): Promise<void> {
  const { apis: { world, options, revoke }, truth, tabs } = run;
  switch (one.kind) {
    case 'advance':
      return world.advance(one.ms);
    case 'sleep':
      truth.sleeps();
      await world.sleep(one.ms);
      for (const { tab: slept } of tabs) slept.wake('visible');
      return;
    case 'open':
      return open(run);
    case 'revoke':
      return revoke(ORIGINS[one.api]!);
    case 'refuse': {
      const { [ORIGINS[one.api]!]: _, ...others } = options.refusals;
      options.refusals = one.error === null ? others : { ...others, [ORIGINS[one.api]!]: { error: one.error } };
      return;
    }
    case 'network':
      if (one.fault === 'dropAfter' || one.fault === 'late') truth.lossy();
      return void (world.faultOf = () => one.fault);
    default: {
      const client = tabs[one.tab % tabs.length];
      if (client) await applyToTab(run, one, client);
    }
  }
}

async function applyToTab(run: Run, one: Extract<ApiEvent, { tab: number }>, client: ApiTab): Promise<void> {
  const { apis: { world }, truth, tabs } = run;
  const { tab: page, auth } = client;
  if (one.kind === 'kill' || one.kind === 'reload') {
    truth.lossy();
    page.kill();
    tabs.splice(tabs.indexOf(client), 1);
    if (one.kind === 'reload' || tabs.length === 0) open(run);
  } else if (one.kind === 'thaw') thaw(page);
  else if (one.kind === 'freeze') {
    truth.lossy();
    await world.advance(0);
    page.process.freeze();
  } else if (page.process.isFrozen()) return;
  else if (one.kind === 'signIn') signIn(run, client, one.user);
  else if (one.kind === 'signOut') truth.signsOut(client, auth.signOut());
  else if (one.kind === 'refresh') truth.settles(client, auth.refresh());
  else if (one.kind === 'call') for (let count = 0; count < one.times; count++) truth.calls(client, ORIGINS[one.api]!);
}

function thaw(page: Tab): void {
  if (page.process.isFrozen()) page.process.thaw();
  page.wake('visible');
}

/** Removes all faults. The tabs agree about the session, and each API accepts its calls. */
async function recover({ apis, truth, tabs }: Run): Promise<void> {
  apis.world.faultOf = () => 'none';
  apis.options.refusals = {};
  for (const { tab: page } of tabs) {
    thaw(page);
    page.wake('online');
  }
  await apis.world.advance(400_000); // Longer than an API is not asked for after a refusal.
  truth.agree(tabs);
  for (const client of tabs) for (const origin of ORIGINS) truth.calls(client, origin, true);
  await apis.world.advance(30_000);
  truth.isWhole(tabs);
}
