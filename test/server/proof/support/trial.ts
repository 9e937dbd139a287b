import type { Random } from '../../../../bench/fleet/random.ts';
import { openStore } from '../processes/open-store.ts';
import { createBrowsers, type Browsers } from './browsers.ts';
import type { Fleet } from './fleet.ts';
import { deployed, killed, paused, restarted, type Inject } from './instance-faults.ts';
import { judge, type Verdict } from './judge.ts';
import type { Proof } from './proof-store.ts';
import { storeEvicted, storeFailedOver, storeFull, storePaused, storeRestarted } from './store-faults.ts';
import { inParallel, pick, storm } from './storm.ts';
import type { BrowserSession, Defect, Fault, StoreAddress } from './types.ts';

const AT_ONCE = 16;

/** How long the first access tokens live, ms. All of them have expired when the first storm begins. */
const SHORT_MS = 1000;
const LONG_MS = 600_000;

/** The slowest refresh, ms. */
const LATENCY_MS = 40;

/** A refresh that takes longer than a lease, and less than a request waits, ms. */
const SLOW_MS = 8000;

/** While users sign out, the authorization server refuses the revocation, so that only the store keeps their sessions out. */
const SIGN_OUTS = 'users sign out during the refresh';

const SLOW = 'a refresh takes 8 s';

const slow: Inject = async ({ fleet: { auth } }) => auth.set({ slowMs: SLOW_MS });

/** The fault in which each defect shows. */
export const FAULT_OF_DEFECT: Readonly<Record<Defect, string>> = { 'ignores-etag': 'no fault', 'never-extends': SLOW, 'missing-row-is-empty': SIGN_OUTS };

/** The faults, by the names that the table shows. */
export const FAULTS: Readonly<Record<string, Inject>> = {
  'no fault': async () => undefined,
  'instances killed at a step of a refresh': killed,
  'instances killed at any moment': restarted,
  'instances paused beyond the lease': paused,
  'a deploy of all instances in turn': deployed,
  [SIGN_OUTS]: async () => undefined,
  [SLOW]: slow,
  'the store is restarted': storeRestarted,
  'the store is paused for 3 s': storePaused,
  'the store is full for 3 s': storeFull,
  'a failover loses the last writes': storeFailedOver,
  'the store evicts sessions': storeEvicted,
};

/** What one trial needs. */
export interface TrialOptions {
  readonly fleet: Fleet;
  readonly store: Proof;
  /** The name of a fault. */
  readonly fault: string;
  readonly sessions: number;
  readonly random: Random;
  /** Makes the names of users differ from those of other trials on the same fleet. */
  readonly prefix: string;
}

/** Signs users in, lets all their tokens expire at once, then revokes the new ones early. The fault happens in both storms. Then each session is used once more. */
export async function runTrial({ fleet, store, fault, sessions: count, random, prefix }: TrialOptions): Promise<Verdict> {
  const { instances, auth } = fleet;
  const browsers = createBrowsers();
  const faults: Fault[] = [];
  const inject = FAULTS[fault] as Inject;
  const share = fault === SIGN_OUTS ? 0.5 : 0.05;

  await auth.set({ lifetimeMs: SHORT_MS, latencyMs: LATENCY_MS, slowMs: 0, refusesRevocation: fault === SIGN_OUTS });
  const sessions: BrowserSession[] = [];
  await inParallel(Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`), AT_ONCE, async (user) => sessions.push(await browsers.signIn(user, pick(random, instances))));
  const families = await familiesOf(fleet, sessions);

  for (const prepare of [() => auth.untilExpired(...sessions.map(({ user }) => user)), () => auth.revokeEarly(families)]) {
    await prepare();
    await auth.set({ lifetimeMs: LONG_MS });
    let isOver = false;
    const faulty = inject({ fleet, random, sessions: count, isOver: () => isOver, note: (entry) => faults.push(entry) }, store);
    await Promise.all([faulty, storm(sessions, instances, browsers, random, share).finally(() => (isOver = true))]);
    await auth.set({ slowMs: 0 });
  }
  const unanswered = await callAll(sessions, fleet, browsers, random);
  const verdict = judge({
    sessions, faults, exchanges: browsers.history,
    log: (await auth.log()).filter(({ family }) => families.includes(family)),
    journal: (await Promise.all(instances.map((instance) => instance.journal()))).flat(),
    missing: await missingIn(store, sessions),
  });
  return { ...verdict, violations: [...verdict.violations, ...unanswered] };
}

async function familiesOf({ auth }: Fleet, sessions: readonly BrowserSession[]): Promise<string[]> {
  const users = new Set(sessions.map(({ user }) => user));
  return (await auth.log()).filter(({ kind, user }) => kind === 'login' && users.has(user)).map(({ family }) => family);
}

/** Calls with each session once more, and returns what was wrong. */
async function callAll(sessions: readonly BrowserSession[], { instances }: Fleet, browsers: Browsers, random: Random): Promise<string[]> {
  const problems: string[] = [];
  await inParallel(sessions, AT_ONCE, (session) => browsers.callPatiently(session, () => pick(random, instances)).catch((error: unknown) => problems.push(String(error))));
  return problems;
}

async function missingIn({ addresses }: Proof, sessions: readonly BrowserSession[]): Promise<Set<string>> {
  const { store, close } = await openStore(addresses[0] as StoreAddress);
  const missing = new Set<string>();
  await inParallel(sessions, AT_ONCE, async ({ key, user }) => (await store.read(key, LONG_MS)) ?? missing.add(user));
  await close();
  return missing;
}
