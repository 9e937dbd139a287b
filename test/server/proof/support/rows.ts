import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../../../bench/fleet/random.ts';
import { serverFor, type StoreName } from '../../support/programs.ts';
import { delay, until } from '../../support/until.ts';
import { createBrowsers, type Browsers } from './browsers.ts';
import { buildScripts } from './build.ts';
import { startFleet, type Fleet, type Instance } from './fleet.ts';
import type { Proof } from './proof-store.ts';
import { START_PROOF } from './proofs.ts';
import { runTrial } from './trial.ts';
import type { AuthEntryKind, AuthSwitches, BrowserSession, Exchange } from './types.ts';

const INSTANCES = 4;

/** How many requests reach each instance at once. */
const REQUESTS = 20;

const NORMAL: AuthSwitches = { lifetimeMs: 600_000, graceMs: 0, unavailable: false, loseAnswers: 0, latencyMs: 20, slowMs: 0, tokenBytes: 0, apiLatencyMs: 0, refusesRevocation: false };

/** How long a token lives if a test waits for its end, ms. */
const SHORT_MS = 1000;

/** Describes what happens on several real instances in front of a real store, one session at a time. */
export function describeRows(name: StoreName): void {
  const bin = serverFor(name);
  describe.skipIf(bin === null)(`a session in ${name}, on ${INSTANCES} processes, at an authorization server without a grace period,`, () => {
    let scene: Scene;
    beforeAll(async () => {
      scene = await openScene(name, bin ?? '');
    });
    beforeEach(() => scene.fleet.auth.set(NORMAL));
    afterAll(() => scene?.close());
    describeBursts(() => scene);
    describeOutages(() => scene);
    describeAnswers(() => scene);

    it('is judged to be right after storms in which instances are killed', async () => {
      const { fleet, store } = scene;
      const { violations, refreshes } = await runTrial({ fleet, store, fault: 'instances killed at a step of a refresh', sessions: 16, random: createRandom(1), prefix: 'trial' });
      expect(violations).toEqual([]);
      expect(refreshes).toBeGreaterThan(16);
    });
  });
}

/** The processes of a test file, and its browsers. */
interface Scene {
  readonly fleet: Fleet;
  readonly store: Proof;
  readonly browsers: Browsers;
  /** Signs a new user in, whose token lives for some ms. */
  readonly signIn: (lifetimeMs?: number) => Promise<BrowserSession>;
  /** Signs a new user in, and waits until the token has expired. */
  readonly expired: () => Promise<BrowserSession>;
  readonly burst: (session: BrowserSession, instances: readonly Instance[]) => Promise<Exchange[]>;
  /** What the authorization server has done for a session, without the sign-in. */
  readonly done: (session: BrowserSession) => Promise<AuthEntryKind[]>;
  /** Revokes the access token of a session. */
  readonly revokeEarly: (session: BrowserSession) => Promise<void>;
  readonly close: () => Promise<void>;
}

async function openScene(name: StoreName, bin: string): Promise<Scene> {
  const scripts = await buildScripts();
  const store = await START_PROOF[name](bin);
  const fleet = await startFleet({ scripts: scripts.paths, stores: store.addresses, count: INSTANCES }).catch(async (error: unknown) => {
    await store.stop();
    throw error;
  });
  const browsers = createBrowsers();
  const entriesOf = async ({ user }: BrowserSession) => (await fleet.auth.log()).filter((entry) => entry.user === user);
  let users = 0;
  const scene: Scene = {
    fleet,
    store,
    browsers,
    async signIn(lifetimeMs = NORMAL.lifetimeMs) {
      await fleet.auth.set({ lifetimeMs });
      const session = await browsers.signIn(`user-${++users}`, fleet.instances[users % INSTANCES] as Instance);
      await fleet.auth.set({ lifetimeMs: NORMAL.lifetimeMs });
      return session;
    },
    async expired() {
      const session = await scene.signIn(SHORT_MS);
      await fleet.auth.untilExpired(session.user);
      return session;
    },
    burst: (session, instances) => Promise.all(instances.flatMap((instance) => Array.from({ length: REQUESTS }, () => browsers.call(session, instance)))),
    done: async (session) => (await entriesOf(session)).map(({ kind }) => kind).filter((kind) => kind !== 'login'),
    revokeEarly: async (session) => fleet.auth.revokeEarly((await entriesOf(session)).map(({ family }) => family)),
    async close() {
      await fleet.stop();
      await store.stop();
      await scripts.remove();
    },
  };
  return scene;
}

const statuses = (exchanges: readonly Exchange[]) => [...new Set(exchanges.map(({ status, error }) => error ?? status))];

function describeBursts(current: () => Scene): void {
  const counts = [1, INSTANCES];

  it.each(counts)(`is refreshed once when ${REQUESTS} requests reach each of %d cold instances after the access token has expired`, async (count) => {
    const { fleet, expired, burst, done } = current();
    const session = await expired();
    const instances = fleet.instances.slice(0, count);
    await Promise.all(instances.map((instance) => instance.restart()));
    expect(statuses(await burst(session, instances))).toEqual([200]);
    expect(await done(session)).toEqual(['refresh']);
  });

  it.each(counts)(`is refreshed once when ${REQUESTS} requests reach each of %d warm instances after the access token has expired`, async (count) => {
    const { fleet, burst, done, signIn } = current();
    const instances = fleet.instances.slice(0, count);
    const session = await signIn(2 * SHORT_MS);
    await Promise.all(instances.map((instance) => current().browsers.call(session, instance)));
    await fleet.auth.untilExpired(session.user);
    expect(statuses(await burst(session, instances))).toEqual([200]);
    expect((await done(session)).length).toBeLessThanOrEqual(2); // On a slow machine the first requests come so late that they refresh, too.
    expect(await done(session)).not.toContain('reuse');
  });

  it.each(counts)(`is refreshed once when the API rejects the token of ${REQUESTS} requests on each of %d instances`, async (count) => {
    const { fleet, signIn, burst, done, revokeEarly } = current();
    const session = await signIn();
    await revokeEarly(session);
    expect(statuses(await burst(session, fleet.instances.slice(0, count)))).toEqual([200]);
    expect(await done(session)).toEqual(['refresh']);
  });

  it('gives the newer token to a straggler whose token the API rejects late, without a refresh', async () => {
    const { fleet: { auth, instances: [first, second] }, browsers, signIn, done, revokeEarly } = current();
    const session = await signIn();
    await auth.set({ apiLatencyMs: 1000 });
    const straggler = browsers.call(session, first as Instance);
    await until('the API to have the request', async () => (await auth.calls()) > 0);
    await auth.set({ apiLatencyMs: 0 });
    await revokeEarly(session);
    expect((await browsers.call(session, second as Instance)).status).toBe(200);
    expect((await straggler).status).toBe(200);
    expect(await done(session)).toEqual(['refresh']);
  });
}

function describeOutages(current: () => Scene): void {
  const OUTAGE_MS = 2000;

  it('goes on with a good token while the token endpoint answers 503', async () => {
    const { fleet: { auth, instances }, signIn, burst, done } = current();
    const session = await signIn();
    await auth.set({ unavailable: true });
    expect(statuses(await burst(session, instances))).toEqual([200]);
    expect(await done(session)).toEqual([]);
  });

  it('is answered within the retry if the token has expired while the token endpoint answers 503 for 2 s', async () => {
    const { fleet: { auth, instances }, expired, burst, done } = current();
    const session = await expired();
    await auth.set({ unavailable: true });
    const calls = burst(session, instances);
    await delay(OUTAGE_MS);
    await auth.set({ unavailable: false });
    expect(statuses(await calls)).toEqual([200]);
    expect((await done(session)).filter((kind) => kind !== 'unavailable')).toEqual(['refresh']);
  });

  it('lives after its answer was lost if the authorization server has a grace period of 10 s', async () => {
    const { fleet: { auth, instances }, expired, burst, done } = current();
    const session = await expired();
    await auth.set({ loseAnswers: 1, graceMs: 10_000 });
    expect(statuses(await burst(session, instances))).toEqual([200]);
    expect(await done(session)).toEqual(['refresh', 'lost', 'repeat']);
  });

  it('ends after its answer was lost without a grace period, and says why on each instance', async () => {
    const { fleet: { auth, instances }, browsers, expired, burst, done } = current();
    const session = await expired();
    await auth.set({ loseAnswers: 1 });
    expect((await burst(session, instances)).map(({ status }) => status)).toEqual(Array(INSTANCES * REQUESTS).fill(401));
    expect(await done(session)).toEqual(['refresh', 'lost', 'reuse']);
    const later = await Promise.all(instances.map((instance) => browsers.call(session, instance)));
    expect(later.map(({ endReason }) => endReason)).toEqual(Array(INSTANCES).fill('rotation_lost'));
  });
}

function describeAnswers(current: () => Scene): void {
  it('stays out after a sign-out during a refresh, also for the cookie from before', async () => {
    const { fleet: { auth, instances }, browsers, expired, done } = current();
    const session = await expired();
    await auth.set({ slowMs: 500, refusesRevocation: true });
    const first = instances[0] as Instance;
    const { length } = await first.journal(); // What follows is of this session.
    const refreshing = browsers.call(session, first);
    await until('the refresh to be sent', async () => (await first.journal()).slice(length).some(({ step }) => step === 'sent'));
    expect((await browsers.signOut(session, instances[1] as Instance)).status).toBe(200);
    expect((await refreshing).status).toBe(401);
    const later = await Promise.all(instances.map((instance) => browsers.call(session, instance)));
    expect(later.map(({ status }) => status)).toEqual(Array(INSTANCES).fill(401));
    expect(await done(session)).toEqual(['refresh']);
  });

  it('keeps tokens of 2.5 kB, and its cookie has less than 100 bytes', async () => {
    const { fleet: { auth, instances }, signIn, burst, done, revokeEarly } = current();
    await auth.set({ tokenBytes: 2500 });
    const session = await signIn();
    await revokeEarly(session);
    expect(statuses(await burst(session, instances))).toEqual([200]);
    expect(await done(session)).toEqual(['refresh']);
    expect(Buffer.byteLength(session.cookie)).toBeLessThan(100);
  });

  it('keeps its cookie, whatever a slow answer brings', () => {
    const { history } = current().browsers;
    expect(history.length).toBeGreaterThan(0);
    expect(history.filter(({ kind, setCookie }) => kind === 'call' && setCookie !== null)).toEqual([]);
  });
}
