import type { Scenario, WorldEvent } from '../simulation/scenario.ts';
import type { TabCase } from './tab-case.ts';

const HOUR_MS = 3_600_000;
const LIFE_MS = 300_000;

const advance = (ms: number): WorldEvent => ({ kind: 'advance', ms });
const clock = (skewMs: number): WorldEvent => ({ kind: 'clock', skewMs, driftPpm: 0 });
const sleep = (ms: number): WorldEvent => ({ kind: 'sleep', ms });
const api = (mode: '503' | 'unreadable' | 'onlyRefreshToken', retryAfter: number | null = null): WorldEvent => ({ kind: 'api', mode, retryAfter });
const call = (tab: number): WorldEvent => ({ kind: 'call', tab, times: 1, abortMs: null });
const refresh = (tab: number): WorldEvent => ({ kind: 'refresh', tab });
const signOut = (tab: number): WorldEvent => ({ kind: 'signOut', tab });
const signIn = (tab: number): WorldEvent => ({ kind: 'signIn', tab, bot: 'spark' });
const reload = (tab: number): WorldEvent => ({ kind: 'reload', tab });
const restore = (tab: number): WorldEvent => ({ kind: 'restore', tab });
const writesFail: WorldEvent = { kind: 'storage', fault: 'writesFail', slowMs: 0 };
const revoke: WorldEvent = { kind: 'revoke' };

/** Two tabs with a session whose access token the API rejects. */
const REJECTED: Scenario = {
  tabs: 2,
  lifetimeMs: HOUR_MS,
  hasGracePeriod: false,
  hasLocks: true,
  randomSeed: 0,
  delays: [25], // An operation of storage and its answer are two steps.
  events: [advance(3000), revoke],
  accessToken: 'stored',
  place: { refreshToken: 'page', hasHint: false, start: 'onPage' },
};

/** Two tabs that wake up with an expired access token. */
const EXPIRED: Scenario = { ...REJECTED, lifetimeMs: LIFE_MS, events: [advance(3000), sleep(2 * LIFE_MS)] };

const WITH_GRACE: Scenario = { ...REJECTED, hasGracePeriod: true };
const WITHOUT_LOCKS: Scenario = { ...REJECTED, hasLocks: false };
const IN_MEMORY: Scenario = { ...REJECTED, accessToken: 'memory' };
const after = (scenario: Scenario, ...events: WorldEvent[]): Scenario => ({ ...scenario, events: [...scenario.events, ...events] });

const ALL = ['crash', 'freeze'] as const;
const CRASH = ['crash'] as const;

const PAGE_CASES: readonly TabCase[] = [
  { name: 'expired-token', scenario: EXPIRED, acts: [call(0), call(1)], faults: ALL },
  { name: 'rejected-token', scenario: REJECTED, acts: [call(0), call(1)], faults: ALL },
  { name: 'sign-out', scenario: REJECTED, acts: [call(0), signOut(1)], faults: ALL },
  { name: 'sign-out-elsewhere', scenario: { ...REJECTED, events: [advance(3000)] }, acts: [signOut(1)], faults: ALL },
  { name: 'next-user', scenario: REJECTED, acts: [call(0), signIn(1)], faults: ALL },
  { name: 'next-user-in-the-tab', scenario: REJECTED, acts: [refresh(0), advance(500), signIn(0), advance(2000), revoke, call(0)], network: ['late'], faults: CRASH },
  { name: 'sign-out-and-sign-in', scenario: REJECTED, acts: [call(0), signOut(1), signIn(1)], faults: CRASH },
  { name: 'lost-answer', scenario: WITH_GRACE, acts: [call(0), call(1)], network: ['dropAfter'], faults: ALL },
  { name: 'lost-request', scenario: REJECTED, acts: [call(0), call(1)], network: ['dropBefore'], faults: ALL },
  { name: 'late-answer', scenario: REJECTED, acts: [call(0), call(1)], network: ['late'], faults: ALL },
  { name: 'page-loads', scenario: REJECTED, acts: [call(0), reload(1), call(0)], faults: ALL },
  { name: 'no-locks', scenario: WITHOUT_LOCKS, acts: [call(0), call(1)], faults: ALL },
  { name: 'token-in-memory', scenario: IN_MEMORY, acts: [call(0), call(1)], faults: ALL },
  { name: 'server-is-down', scenario: after(REJECTED, api('503', 20)), acts: [call(0), call(1), refresh(0)], faults: ALL },
  { name: 'unreadable-answer', scenario: after(REJECTED, api('unreadable')), acts: [call(0), call(1)], faults: ALL },
  { name: 'only-a-refresh-token', scenario: after(REJECTED, api('onlyRefreshToken')), acts: [call(0), call(1)], faults: ALL },
  { name: 'storage-is-full', scenario: after(REJECTED, writesFail), acts: [call(0), call(1)], faults: ALL },
  { name: 'clock-set-back', scenario: { ...EXPIRED, events: [advance(3000), clock(-HOUR_MS), advance(1.1 * LIFE_MS)] }, acts: [call(0), call(1)], faults: [] },
  { name: 'clock-set-forward', scenario: { ...REJECTED, events: [clock(2 * HOUR_MS), signIn(0), advance(3000)] }, acts: [call(0), reload(1), call(0)], faults: CRASH },
];

const COOKIE: Scenario = { ...REJECTED, place: { refreshToken: 'cookie', hasHint: false, start: 'onPage' } };
const BY_SERVER: Scenario = { ...COOKIE, events: [], place: { ...COOKIE.place, start: 'byServer' } };
const VISITOR: Scenario = { ...COOKIE, events: [], place: { ...COOKIE.place, start: 'visitor' } };

const COOKIE_CASES: readonly TabCase[] = [
  { name: 'cookie', scenario: COOKIE, acts: [call(0), call(1)], faults: ALL },
  { name: 'cookie-sign-out', scenario: COOKIE, acts: [call(0), signOut(1)], faults: ALL },
  { name: 'cookie-next-user', scenario: COOKIE, acts: [call(0), signIn(1)], faults: ALL },
  { name: 'cookie-restore', scenario: BY_SERVER, acts: [call(0), call(1)], faults: ALL },
  { name: 'cookie-sign-out-and-load', scenario: COOKIE, acts: [signOut(0), reload(1)], faults: ALL },
  { name: 'cookie-lost-sign-out', scenario: COOKIE, acts: [signOut(0), advance(1000), reload(1)], network: ['dropBefore', 'dropBefore'], faults: CRASH },
  { name: 'cookie-restore-after-sign-out', scenario: COOKIE, acts: [signOut(0), advance(1000), restore(1), advance(20_000), reload(1)], network: ['dropBefore'], faults: CRASH },
  { name: 'cookie-visitor', scenario: VISITOR, acts: [reload(0), reload(1)], faults: ALL },
  { name: 'cookie-visitor-with-hint', scenario: { ...VISITOR, place: { ...VISITOR.place, hasHint: true } }, acts: [reload(0), restore(1)], faults: CRASH },
  { name: 'cookie-of-another-user', scenario: { ...COOKIE, events: [advance(3000), { kind: 'serverSignIn', bot: 'cinder' }, revoke] }, acts: [call(0), call(1)], faults: CRASH },
];

/** The small cases of tabs. */
export const TAB_CASES: readonly TabCase[] = [...PAGE_CASES, ...COOKIE_CASES];
