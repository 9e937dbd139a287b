import type { AuthEntry, BrowserSession, Exchange, Fault, JournalEntry } from './types.ts';

/** Everything that a run has left behind. */
export interface History {
  readonly sessions: readonly BrowserSession[];
  readonly exchanges: readonly Exchange[];
  /** The authorization server's own log. */
  readonly log: readonly AuthEntry[];
  readonly journal: readonly JournalEntry[];
  readonly faults: readonly Fault[];
  /** The users whose rows the store does not have at the end. */
  readonly missing: ReadonlySet<string>;
}

/** The verdict on a run. */
export interface Verdict {
  readonly sessions: number;
  readonly refreshes: number;
  /** The second uses of a refresh token, by their cause. */
  readonly reuses: Readonly<Record<string, number>>;
  /** The sessions that ended although the log did not end them, by their cause. */
  readonly lost: Readonly<Record<string, number>>;
  /** The sessions that the log ended without a sign-out. */
  readonly ended: number;
  readonly signedOut: number;
  /** The calls, by their answers. `0` is no answer. */
  readonly answers: Readonly<Record<string, number>>;
  /** Why calls were answered 401, by `endReason` or the error. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
}

/** A process that is stopped at a moment may have written its last line a moment before, ms. */
const SAME_MOMENT_MS = 5;

/** Judges a run. A violation is whatever no fault explains. */
export function judge(history: History): Verdict {
  const { sessions, log, exchanges } = history;
  const calls = exchanges.filter(({ kind }) => kind === 'call');
  const reuses = log.filter(({ kind }) => kind === 'reuse').map((reuse) => ({ reuse, cause: causeOfReuse(history, reuse) }));
  const lost = sessions.map((session) => ({ session, cause: causeOfLoss(history, session) })).filter(({ cause }) => cause !== null);
  const signedOut = sessions.filter(({ user }) => signOutOf(exchanges, user));
  const ended = sessions.filter(({ user }) => !signOutOf(exchanges, user) && log.some((entry) => entry.user === user && isEnd(entry)));
  return {
    sessions: sessions.length,
    refreshes: log.filter(({ kind }) => kind === 'refresh').length,
    reuses: counted(reuses.map(({ cause }) => cause ?? 'unexplained')),
    lost: counted(lost.map(({ cause }) => cause ?? '')),
    ended: ended.length,
    signedOut: signedOut.length,
    answers: counted(calls.map(({ status }) => String(status))),
    reasons: counted(calls.filter(({ status }) => status === 401).map(({ endReason, error }) => endReason ?? error ?? '')),
    violations: [
      ...reuses.filter(({ cause }) => cause === null).map(({ reuse }) => `${reuse.instance} sent the spent refresh token ${reuse.generation} of ${reuse.user}.`),
      ...lost.filter(({ cause }) => cause === UNEXPLAINED).map(({ session }) => `The session of ${session.user} was lost, and the log did not end it.`),
      ...log.filter(({ kind, isNeedless }) => kind === 'refresh' && isNeedless).map(({ instance, user, generation }) => `${instance} refreshed the good token ${generation} of ${user}.`),
      ...signedOut.filter(({ user }) => signOutOf(exchanges, user)?.status === 200 && !history.missing.has(user) && !hasLostWrites(history)).map(({ user }) => `The store still has the session of ${user}, who has signed out.`),
      ...calls.flatMap((call) => problemsOf(exchanges, call)),
    ],
  };
}

const UNEXPLAINED = 'unexplained';

/** What a single answer shows to be wrong. */
function problemsOf(exchanges: readonly Exchange[], { user, instance, from, status, answeredUser, setCookie, error }: Exchange): string[] {
  const end = signOutOf(exchanges, user);
  return [
    status === 200 && answeredUser !== user ? `${instance} answered ${user} with the data of ${answeredUser}.` : '',
    status === 200 && end?.status === 200 && from > end.to ? `${instance} answered ${user} after the sign-out.` : '',
    setCookie !== null ? `${instance} changed the cookie of ${user}.` : '',
    ![0, 200, 401, 503].includes(status) ? `${instance} answered ${user} with ${status} (${error}).` : '',
  ].filter((problem) => problem !== '');
}

/** The first sign-out of a user that was answered, else the first one. */
function signOutOf(exchanges: readonly Exchange[], user: string): Exchange | undefined {
  const own = exchanges.filter((exchange) => exchange.kind === 'sign-out' && exchange.user === user);
  return own.find(({ status }) => status === 200) ?? own[0];
}

/** Whether the store may have lost the removal of a row. */
function hasLostWrites({ faults }: History): boolean {
  return faults.some(({ kind }) => kind === 'write-lost');
}

function isEnd({ kind }: AuthEntry): boolean {
  return kind === 'reuse' || kind === 'revoke';
}

/** Returns why a refresh token was used twice; `null` if no fault explains it. */
function causeOfReuse({ sessions, log, journal, faults }: History, { family, user, generation, instance, at }: AuthEntry): string | null {
  const first = log.find((entry) => entry.kind === 'refresh' && entry.family === family && entry.generation === generation);
  const key = sessions.find((session) => session.user === user)?.key;
  if (!first) return null;
  if (log.some((entry) => entry.kind === 'lost' && entry.family === family && entry.generation === generation + 1)) return 'the network lost the answer';
  const own = journal.filter((entry) => entry.instance === first.instance);
  const ofToken = (step: JournalEntry['step']) => own.find((entry) => entry.step === step && entry.family === family && entry.generation === generation);
  const [sent, answered] = [ofToken('sent'), ofToken('answered')];
  const noting = own.findLast((entry) => entry.step === 'before-note' && entry.key === key && entry.at <= (sent?.at ?? 0));
  // Only the process that has the answer can store it. Its successor has the same name.
  const stored = answered && own.find((entry) => entry.step === 'stored' && entry.key === key && entry.pid === answered.pid && entry.at >= answered.at && entry.at < at);
  const during = (kind: Fault['kind'], name: string, from: number, to: number) => faults.some((fault) => fault.kind === kind && fault.instance === name && fault.from <= to && fault.to >= from);
  if (during('paused', instance, first.at, first.at) && instance !== first.instance) return 'sent by an instance that was paused';
  if (during('write-lost', '', noting?.at ?? first.at, stored?.at ?? at)) return 'the store lost the note or the answer';
  if (stored) return null;
  for (const kind of ['killed', 'paused'] as const) {
    const explains = (fault: Fault) => fault.kind === kind && fault.instance === first.instance && fault.from >= (sent?.at ?? Infinity) - SAME_MOMENT_MS && fault.from <= at;
    if (faults.some(explains)) return `the answer was lost with a ${kind} instance`;
  }
  return during('store-down', '', first.at, at) ? 'the store was down when the answer came' : null;
}

/** Returns why a session was lost; `null` if it was not. */
function causeOfLoss({ exchanges, log, faults, missing }: History, { user }: BrowserSession): string | null {
  const isExplained = (refusal: Exchange) =>
    exchanges.some(({ kind, user: owner, from }) => kind === 'sign-out' && owner === user && from <= refusal.to) || log.some((entry) => entry.user === user && isEnd(entry) && entry.at <= refusal.to);
  const refused = exchanges.find((exchange) => exchange.kind === 'call' && exchange.user === user && exchange.status === 401 && !isExplained(exchange));
  if (!refused) return null;
  const fault = missing.has(user) && faults.find(({ kind, from }) => (kind === 'evicted' || kind === 'write-lost') && from <= refused.to);
  if (!fault) return UNEXPLAINED;
  return fault.kind === 'evicted' ? 'the store evicted it' : 'the store lost it';
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
