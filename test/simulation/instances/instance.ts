import { oauth2 } from 'unexpired/oauth2';
import { createSessions, type ServerPlatform, type Sessions } from 'unexpired/server';
import type { Tab } from '../../support/world.ts';
import type { TabProcess } from '../../support/world/tab-process.ts';
import { API, factsOf, REVOCATION_ENDPOINT, TOKEN_ENDPOINT } from './authorization-server.ts';
import type { DataCentre } from './data-centre.ts';

/** A process of the server. It runs on a machine, whose clock outlives it. */
export interface Instance {
  readonly tab: Tab;
  readonly process: TabProcess;
  readonly machine: Machine;
  readonly sessions: Sessions;
  /** Since when it gets no more requests, because a deploy replaces it; `null` while it gets them. */
  drainedAt: number | null;
  /** When `close()` resolved. */
  closedAt: number | null;
  /** Whether it ended without `close()`. */
  wasKilled: boolean;
  /** The times at which it was stopped, epoch ms. The last one may not be over. */
  readonly stops: { readonly from: number; to: number }[];
}

/** A machine of the data centre. */
export interface Machine {
  readonly index: number;
  /** How wrong its wall clock is, ms, without its drift. */
  skewMs: number;
  driftPpm: number;
  driftSince: number;
  /** The instance that runs now; `null` while none runs. */
  instance: Instance | null;
}

const SECRETS = ['correct horse battery staple 0001', 'correct horse battery staple 0002'];

/** Starts an instance on a machine. */
export function startInstance(centre: DataCentre, machine: Machine): Instance {
  const { world, store, vault, scenario, history } = centre;
  const tab = world.openTab({ seed: scenario.randomSeed });
  const platform: ServerPlatform = {
    ...tab.platform,
    now: () => ({ wall: world.now() + machine.skewMs + driftOf(machine, world.now()), monotonic: tab.platform.now().monotonic }),
    ...{ locks: null, openChannel: null },
    crypto: vault.openFor(tab.process, tab.platform.random),
  };
  const { timeoutMs, maxSessionMs } = centre.limits ?? {};
  const limits = timeoutMs === undefined ? {} : { idle: { timeoutMs }, maxSessionMs };
  const sessions = createSessions({ ...limits, protocol: protocolOf(), store: store.openFor(tab.process), secrets: SECRETS, platform, ...(scenario.leadMs !== undefined && { leadMs: scenario.leadMs }) });
  const instance: Instance = { tab, process: tab.process, machine, sessions, drainedAt: null, closedAt: null, wasKilled: false, stops: [] };
  machine.instance = instance;
  history.instances.push(instance);
  centre.counts.tabs++;
  return instance;
}

function driftOf({ driftPpm, driftSince }: Machine, now: number): number {
  return Math.round(((now - driftSince) * driftPpm) / 1e6);
}

function protocolOf() {
  const protocol = oauth2({ resourceOrigins: [API], tokenEndpoint: TOKEN_ENDPOINT, revocationEndpoint: REVOCATION_ENDPOINT, clientId: 'web' });
  return { ...protocol, subjectOf: ({ accessToken }: { readonly accessToken: string }) => factsOf(accessToken).user };
}

/** Whether the code of an instance can run. */
export function isRunning({ process }: Instance): boolean {
  return process.isAlive() && !process.isFrozen();
}

export function stop(instance: Instance, now: number): void {
  if (!isRunning(instance)) return;
  instance.process.freeze();
  instance.stops.push({ from: now, to: Infinity });
}

export function resume(instance: Instance, now: number): void {
  const last = instance.stops.at(-1);
  if (!instance.process.isFrozen() || !last) return;
  last.to = now;
  instance.process.thaw();
}

/** How long an instance was stopped since a time, ms. */
export function stoppedMs({ stops }: Instance, since: number, now: number): number {
  return stops.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, now) - Math.max(from, since)), 0);
}
