import fc from 'fast-check';
import { anyLateMs } from './hazards.ts';
import type { WorldEvent } from './scenario.ts';

/** Two tabs (the same one if only one is open), and how much time passes between the events. */
interface Setting {
  readonly one: number;
  readonly other: number;
  readonly soonMs: number;
  readonly latencyMs: number;
  readonly lateMs: number;
}

const anySetting: fc.Arbitrary<Setting> = fc
  .record({ one: fc.nat(7), soonMs: fc.nat(400), latencyMs: fc.integer({ min: 400, max: 3000 }), lateMs: anyLateMs })
  .map((drawn) => ({ ...drawn, other: drawn.one + 1 }));

const LONG_MS = 45_000;

const advance = (ms: number): WorldEvent => ({ kind: 'advance', ms });
const latency = (latencyMs: number): WorldEvent => ({ kind: 'network', fault: 'none', latencyMs, lateMs: 0 });
const fault = (kind: 'late' | 'dropBefore' | 'dropAfter', lateMs = 0): WorldEvent => ({ kind: 'network', fault: kind, latencyMs: 20, lateMs });
const refresh = (tab: number): WorldEvent => ({ kind: 'refresh', tab });
const signOut = (tab: number): WorldEvent => ({ kind: 'signOut', tab });
const signIn = (tab: number): WorldEvent => ({ kind: 'signIn', tab, bot: 'spark' });
const call = (tab: number): WorldEvent => ({ kind: 'call', tab, times: 2, abortMs: null });
const OPEN: WorldEvent = { kind: 'open' };

const begin: WorldEvent[] = [latency(20), { kind: 'api', mode: 'ok', retryAfter: null }, { kind: 'online', online: true }, { kind: 'storage', fault: 'none', slowMs: 0 }];

const signOutDuringARefresh = ({ one, other, soonMs, latencyMs }: Setting): WorldEvent[] => [
  signIn(one), advance(3000), latency(latencyMs), refresh(one), advance(soonMs), signOut(other), advance(soonMs), OPEN, advance(LONG_MS), OPEN, advance(5000),
];

const closedDuringARefresh = ({ one, other, soonMs, latencyMs }: Setting): WorldEvent[] => [
  signIn(one), advance(3000), latency(latencyMs), refresh(one), advance(soonMs), { kind: 'reload', tab: one }, refresh(other), call(other), advance(LONG_MS),
];

const closedDuringASlowRefresh = ({ one, other, soonMs, latencyMs }: Setting): WorldEvent[] => [
  signIn(one), advance(3000), latency(latencyMs + 2000), refresh(one), advance(soonMs), { kind: 'kill', tab: 'refreshing', afterSteps: 0 }, advance(300), signOut(other), advance(LONG_MS), OPEN, advance(5000),
];

const anotherUserByTheServer = ({ one, other, soonMs }: Setting): WorldEvent[] => [
  signIn(one), advance(3000), { kind: 'serverSignIn', bot: 'cinder' }, { kind: 'revoke' }, call(one), advance(soonMs), call(other), refresh(one), advance(soonMs), call(other), advance(10_000),
];

const callsWhileAnotherUserIsRestored = ({ one, other, soonMs, latencyMs }: Setting): WorldEvent[] => [
  signIn(one), advance(3000), { kind: 'serverSignIn', bot: 'cinder' }, latency(latencyMs), { kind: 'restore', tab: one }, advance(soonMs), { kind: 'write', tab: one }, { kind: 'revoke' }, { kind: 'write', tab: other }, call(other), advance(20_000),
];

const unconfirmedSignOut = (kind: 'dropBefore' | 'dropAfter') => ({ one, other, soonMs }: Setting): WorldEvent[] => [
  signIn(one), advance(3000), fault(kind), signOut(one), advance(12_000), { kind: 'reload', tab: one }, advance(soonMs), OPEN, { kind: 'restore', tab: other }, advance(2000), latency(20), OPEN, advance(10_000),
];

const unsentSignOutAndNextUser = ({ one, other, soonMs, latencyMs }: Setting): WorldEvent[] => [
  signIn(one), advance(3000), latency(latencyMs), signOut(one), advance(soonMs), signIn(other), advance(LONG_MS), refresh(one), advance(5000),
];

const signInDuringALateRefresh = ({ one, other, soonMs, lateMs }: Setting): WorldEvent[] => [
  signIn(one), advance(3000), fault('late', lateMs), refresh(one), advance(soonMs), latency(20), signIn(other), advance(LONG_MS), refresh(one), advance(5000),
];

const visitorsWithoutASession = ({ one, soonMs, latencyMs }: Setting): WorldEvent[] => [
  signOut(one), advance(5000), { kind: 'clearJar' }, { kind: 'clear' }, latency(latencyMs), OPEN, { kind: 'reload', tab: one }, advance(soonMs), OPEN, advance(20_000), OPEN, advance(5000),
];

const restoreThatFails = ({ one, soonMs }: Setting): WorldEvent[] => [
  signIn(one), advance(3000), { kind: 'close', tab: one }, { kind: 'clear' }, { kind: 'api', mode: '503', retryAfter: null }, OPEN, OPEN, advance(LONG_MS), call(one), advance(soonMs), { kind: 'api', mode: 'ok', retryAfter: null }, advance(LONG_MS),
];

const HAZARDS = [
  signOutDuringARefresh, closedDuringARefresh, closedDuringASlowRefresh, anotherUserByTheServer, callsWhileAnotherUserIsRestored, unconfirmedSignOut('dropBefore'), unconfirmedSignOut('dropAfter'),
  unsentSignOutAndNextUser, signInDuringALateRefresh, visitorsWithoutASession, restoreThatFails,
];

/** Draws a sequence of events that is dangerous for a cookie which all tabs share. */
export const anyCookieHazard: fc.Arbitrary<WorldEvent[]> = fc
  .record({ setting: anySetting, hazard: fc.constantFrom(...HAZARDS) })
  .map(({ setting, hazard }) => [...begin, ...hazard(setting)]);
