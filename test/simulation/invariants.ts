import type { AuthSnapshot } from 'unexpired/core';
import type { Exchange } from '../support/world.ts';
import { hasLostAnswer, isRunning, isUnheard, sidOf, storedPairs, type Actor, type Call, type Intent, type Ledger, type Refresh } from './ledger.ts';

/** One of the promises of the package, and how a world is searched for a breach; `null` means that there is none. */
export interface Invariant {
  readonly number: number;
  readonly name: string;
  /** Looks at a refresh that is being sent. */
  readonly onRefresh?: (ledger: Ledger, refresh: Refresh) => string | null;
  /** Looks at a call's request that is being sent. */
  readonly onSend?: (ledger: Ledger, call: Call, exchange: Exchange) => string | null;
  /** Looks at a call that the client has rejected. */
  readonly onRefusal?: (ledger: Ledger, call: Call) => string | null;
  /** Looks at a tab whose snapshot has changed. */
  readonly onChange?: (ledger: Ledger, actor: Actor, before: AuthSnapshot, after: AuthSnapshot) => string | null;
  /** Looks at the world at rest, between any two things that happen. */
  readonly onStep?: (ledger: Ledger) => string | null;
  /** Looks at a text that leaves the client: a message, a warning, an error. */
  readonly onText?: (ledger: Ledger, text: string) => string | null;
}

/** Longest time that a call can take where timers run: two waits for a token, two slow answers and a body, ms. */
const LONGEST_CALL_MS = 60_000;

/** Within that long the other tabs have heard of a sign-out, ms. */
const HEARSAY_MS = 5000;

/** No failure is followed by another try sooner than that, ms. */
const BACKOFF_FLOOR_MS = 100;

/** That long a client waits for an answer of the token endpoint, ms. */
const TOKEN_DEADLINE_MS = 10_000;

/** The tries that full jitter allows in a minute, with all bad luck. */
const MOST_TRIES_A_MINUTE = 20;

const oneRefresh: Invariant = {
  number: 1,
  name: 'at most one refresh of a session is in flight, over all tabs',
  onRefresh: (ledger, refresh) => {
    const { sid, exchange } = refresh;
    if (isUnguarded(ledger, sid)) return null;
    const others = ledger.refreshes.filter((other) => other.sid === sid && other !== refresh && isInFlight(other) && !isGivenUp(ledger, other, refresh));
    return others.length === 0 ? null : `session ${sid} is already being refreshed since ${others.map((other) => ago(exchange, other.exchange)).join(', ')}`;
  },
};

/** Without locks the attempt that is noted in storage is all that tabs know of each other; with them, nearly so. */
function isUnguarded(ledger: Ledger, sid: number): boolean {
  return ledger.cleared.has(sid) && (!ledger.story.hasLocks || isUnheard(ledger, sid));
}

/** Nobody waits for an attempt longer than that when it is a frozen or throttled tab's, its note was cleared, or it is no longer about the current token, ms. */
const LONGEST_ATTEMPT_MS = 25_000;

function isGivenUp({ cleared }: Ledger, { sid, exchange, refreshToken }: Refresh, now: Refresh): boolean {
  const { sender } = exchange;
  const isStuck = sender.isFrozen() || sender.throttleMs() > 0 || cleared.has(sid) || refreshToken !== now.refreshToken;
  return isStuck && now.exchange.sentAt - exchange.sentAt > LONGEST_ATTEMPT_MS;
}

// A dead tab's request is nobody's to hold back any more, and what the network has swallowed is nowhere.
function isInFlight({ exchange: { phase, sender, swallowed, landed } }: Refresh): boolean {
  return sender.isAlive() && !swallowed && !landed && (phase === 'out' || phase === 'back');
}

const ago = (now: Exchange, then: Exchange) => `${now.sentAt - then.sentAt} ms`;

const noSpentToken: Invariant = {
  number: 2,
  name: 'a refresh token that is known to be rotated is never sent again',
  onRefresh: (ledger, { exchange, refreshToken, sid }) => {
    const { refreshes, everStored } = ledger;
    if (isUnguarded(ledger, sid)) return null;
    const spent = refreshes.find((other) => other.exchange !== exchange && other.refreshToken === refreshToken && other.successor !== null && isKnown(ledger, other));
    return spent ? `it was rotated ${exchange.sentAt - spent.exchange.phaseAt} ms ago, and ${everStored.has(spent.successor ?? '') ? 'stored' : 'received'}` : null;
  },
  onStep: (ledger) => {
    if (ledger.api.counts.reuses === 0) return null;
    const blamed = ledger.api.sessions.filter(({ id, reuses }) => reuses > 0 && !hasLostAnswer(ledger, id) && !isUnguarded(ledger, id));
    return blamed.length === 0 ? null : `the API saw a spent refresh token of session ${blamed.map(({ id }) => id).join(', ')}`;
  },
};

/** Storage has had the new token, or a client has it whose code can run, and which was not disposed of. */
function isKnown(ledger: Ledger, { sid, successor, exchange }: Refresh): boolean {
  const { everStored, actors } = ledger;
  if (isUnheard(ledger, sid)) return false;
  const holder = actors.find((actor) => actor.tab.life === exchange.sender && isRunning(actor) && actor.disposedAt === null);
  return everStored.has(successor ?? '') || (exchange.phase === 'delivered' && holder !== undefined);
}

const sessionsLast: Invariant = {
  number: 3,
  name: 'only sign-out, another sign-in or a final answer about the current refresh token ends a session',
  onChange: (ledger, { tab }, before, after) => {
    const ended = sidOf(ledger, before);
    if (ended === null || sidOf(ledger, after) === ended || mayEnd(ledger, ended)) return null;
    return `${tab.name} lost session ${ended} (now ${after.status}, ${after.endReason})`;
  },
  onStep: (ledger) => (ledger.healed && !isFreshNews(ledger) ? disagreement(ledger) : null),
};

function mayEnd(ledger: Ledger, sid: number): boolean {
  if (ledger.endedByApi.has(sid) || hasLostAnswer(ledger, sid) || isUnguarded(ledger, sid)) return true;
  const startedAt = ledger.sessions.get(sid) ?? -Infinity;
  return ledger.intents.some((intent) => actsUntil(ledger, intent) >= startedAt && (intent.kind === 'signOut' || (intent.began !== null && intent.began !== sid)));
}

/** A sign-in that storage refused meets the others when it is stored at last; one that was cleared, whenever a tab reminds storage. */
function actsUntil({ storedAt, cleared }: Ledger, { began, settledAt }: Intent): number {
  if (began !== null && cleared.has(began)) return Infinity;
  return Math.max(settledAt ?? Infinity, (began === null ? undefined : storedAt.get(began)) ?? -Infinity);
}

/** What an answer has told one tab, the others hear a little later. */
function isFreshNews({ world, refreshes }: Ledger): boolean {
  return world.now() - (refreshes.at(-1)?.exchange.phaseAt ?? -Infinity) < HEARSAY_MS;
}

/** Once all is well, every tab shows what is stored; and a session that nothing ended is still there. */
function disagreement(ledger: Ledger): string | null {
  const open = ledger.actors.filter((actor) => isRunning(actor) && actor.disposedAt === null);
  const shown = open.map(({ seen }) => sidOf(ledger, seen));
  const kept = storedPairs(ledger).map(({ accessToken }) => ledger.factsOf(accessToken).sid)[0] ?? null;
  // An emptied storage is filled by whoever writes next; a tab that was opened meanwhile cannot know.
  const rest = kept === null && ledger.isCleared ? shown.filter((sid) => sid !== null) : shown;
  const stored = kept ?? (ledger.isCleared ? (rest[0] ?? null) : null);
  if (rest.some((sid) => sid !== stored)) return `the tabs show sessions ${shown.join(', ')}, storage has ${kept}`;
  const lost = stored === null && !ledger.isCleared ? [...ledger.sessions.keys()].filter((sid) => !mayEnd(ledger, sid) && !wasCarriedOff(ledger, sid)) : [];
  return lost.length === 0 ? null : `session ${lost.join(', ')} is gone from every tab`;
}

/** Storage was cleared, and then the tab died that could have told it again. */
function wasCarriedOff({ cleared, actors }: Ledger, sid: number): boolean {
  return cleared.has(sid) && actors.some(({ tab, disposedAt }) => !tab.life.isAlive() || disposedAt !== null);
}

const callsSettle: Invariant = {
  number: 4,
  name: 'every call settles, with at most two sends, the second after a rejection alone',
  onSend: (_ledger, { path, sends }, exchange) => {
    if (sends.length > 2) return `${path} is sent ${sends.length} times`;
    const [first] = sends;
    return first && first !== exchange && !(first.phase === 'delivered' && first.status === 401) ? `${path} is sent again after ${first.phase} ${first.status}` : null;
  },
  onStep: ({ world, calls, troubledAt }) => {
    const overdue = calls.find((call) => call.outcome === 'pending' && isRunning(call.actor) && world.now() - Math.max(call.at, troubledAt) > LONGEST_CALL_MS);
    return overdue ? `${overdue.path} of ${overdue.actor.tab.name} is not settled` : null;
  },
  onRefusal: (ledger, { path, sid, at, code }) => {
    // Without locks a dead tab's attempt holds the others for a while.
    if (code !== 'refresh_unavailable' || sid === null || !ledger.story.hasLocks || ledger.cleared.has(sid) || ledger.troubledAt >= at) return null;
    const last = ledger.refreshes.findLast((refresh) => refresh.sid === sid);
    // An answer that comes after its deadline has passed is an attempt under way until it is stored, and the other tabs have heard.
    const isAsked = last && !(last.successor !== null && last.exchange.phase === 'delivered' && last.exchange.phaseAt + HEARSAY_MS < at && ledger.everStored.has(last.successor));
    return isAsked ? null : `${path} is refused a token, and nobody has asked for one of session ${sid}`;
  },
};

const usersApart: Invariant = {
  number: 5,
  name: 'nothing of one user goes out as another',
  onSend: (ledger, { path, sid, sends }, exchange) => {
    const sentAs = senderOf(ledger, exchange);
    if (sid !== null && sentAs !== sid) return `${path} of session ${sid} goes out as ${sentAs}`;
    const first = sends[0] ? senderOf(ledger, sends[0]) : sentAs;
    return first === sentAs ? null : `${path} goes out as ${first} and as ${sentAs}`;
  },
};

const bearerOf = ({ authorization }: Exchange) => authorization?.replace(/^Bearer /, '') ?? '';

function senderOf({ factsOf }: Ledger, exchange: Exchange): number {
  return factsOf(bearerOf(exchange)).sid;
}

const signOutLasts: Invariant = {
  number: 6,
  name: 'after a sign-out no tab holds or stores a token of that session, and none comes back',
  onChange: (ledger, actor, before, after) => {
    const sid = sidOf(ledger, after);
    if (sid === null || sidOf(ledger, before) === sid) return null;
    return signOutsOf(ledger, sid).some((intent) => intent.actor === actor) ? `session ${sid} is back in ${actor.tab.name}` : null;
  },
  onStep: (ledger) => {
    const outs = ledger.intents.filter(isDoneSignOut);
    if (outs.length === 0) return null;
    const kept = storedPairs(ledger).map(({ accessToken }) => ledger.factsOf(accessToken).sid).find((sid) => signOutsOf(ledger, sid).length > 0);
    if (kept !== undefined) return `session ${kept} is still stored`;
    const holder = ledger.actors.find((actor) => isRunning(actor) && actor.disposedAt === null && holdsEnded(ledger, actor));
    return holder ? `${holder.tab.name} still holds session ${sidOf(ledger, holder.seen)}` : null;
  },
};

/** One that resolved, of a tab that had ever reached storage by then. */
function isDoneSignOut({ kind, settledAt, failed, reached }: Intent): boolean {
  return kind === 'signOut' && settledAt !== null && !failed && reached;
}

/** But for sessions whose end was itself cleared from storage before a tab that still had them heard of it. */
const signOutsOf = ({ intents, forgotten }: Ledger, sid: number) => (forgotten.has(sid) ? [] : intents.filter((intent) => isDoneSignOut(intent) && intent.before.includes(sid)));

function holdsEnded(ledger: Ledger, actor: Actor): boolean {
  const sid = sidOf(ledger, actor.seen);
  if (sid === null) return false;
  return signOutsOf(ledger, sid).some((intent) => intent.actor === actor || ledger.world.now() - Math.max(intent.settledAt ?? 0, ledger.troubledAt) > HEARSAY_MS);
}

const neverExpired: Invariant = {
  number: 7,
  name: 'no request is sent with an expired token',
  onSend: (ledger, { path }, exchange) => {
    const token = bearerOf(exchange);
    const { expiresAt, issuedAt } = ledger.factsOf(token);
    if (exchange.sentAt < expiresAt || isExcused(ledger, token, expiresAt - issuedAt)) return null;
    return `${path} is sent ${exchange.sentAt - expiresAt} ms after the token's end`;
  },
};

/**
 * A token whose answer took a good part of its life; or which lived while the clock was set back and the device slept:
 * the one hides what the other leaves uncounted.
 */
function isExcused({ broughtBy, setBackAt, sleptAt }: Ledger, token: string, lifetimeMs: number): boolean {
  const bringer = broughtBy.get(token);
  if (!bringer) return false;
  const isBehind = setBackAt >= bringer.sentAt && sleptAt >= bringer.sentAt;
  return bringer.phaseAt - bringer.sentAt > lifetimeMs / 4 || isBehind;
}

const staysInBackoff: Invariant = {
  number: 8,
  name: 'while the token endpoint is down, tries stay within the backoff, over all tabs',
  onRefresh: (ledger, { sid, exchange, refreshToken }) => {
    const since = Math.max(ledger.onlineAt, ledger.setForwardAt);
    const failures = ledger.refreshes.filter((other) => other.refreshToken === refreshToken && other.exchange !== exchange && isFailure(other.exchange));
    const last = failures.at(-1)?.exchange;
    if (!last || isUnshared(ledger, sid, exchange, last)) return null;
    // Once another tab has asked, the failure of an earlier attempt is no news.
    if (ledger.refreshes.some((other) => other.refreshToken === refreshToken && other.exchange !== exchange && other.exchange.sentAt > last.sentAt)) return null;
    const soonest = Math.max(failedAt(last) > since ? failedAt(last) + BACKOFF_FLOOR_MS : -Infinity, askedFor(last, ledger.setForwardAt));
    if (exchange.sentAt < soonest) return `tried again ${exchange.sentAt - failedAt(last)} ms after a failure (${last.status ?? last.phase}, Retry-After ${last.retryAfter})`;
    const minute = failures.filter((other) => other.exchange.sentAt > Math.max(since, exchange.sentAt - 60_000));
    return minute.length > MOST_TRIES_A_MINUTE ? `${minute.length} tries in a minute` : null;
  },
};

/** Whether the failure of another tab could not be stored, or was cleared with the storage that had it. */
function isUnshared({ gaps, unstorableAt, cleared }: Ledger, sid: number, { sender }: Exchange, last: Exchange): boolean {
  if (last.sender === sender) return false;
  return cleared.has(sid) || (gaps.failureUnshared && unstorableAt >= last.sentAt);
}

/** When `Retry-After` lets anybody try again. */
function askedFor({ phase, phaseAt, retryAfter, sentAt }: Exchange, setForwardAt: number): number {
  if (phase !== 'delivered' || retryAfter === null || setForwardAt >= sentAt) return -Infinity;
  return phaseAt + Number(retryAfter) * 1000;
}

/** A client may go on listening for a late answer, but takes the try for failed before. */
function failedAt({ phase, phaseAt, sentAt }: Exchange): number {
  return phase === 'aborted' ? Math.min(phaseAt, sentAt + TOKEN_DEADLINE_MS) : phaseAt;
}

/** A try that its tab knows to have failed; what a dead tab knew is lost. */
function isFailure({ phase, status, answer, sender }: Exchange): boolean {
  if (!sender.isAlive()) return false;
  return phase === 'failed' || phase === 'aborted' || (phase === 'delivered' && (status !== 200 || !answer?.startsWith('{"data"')));
}

const noSecretTold: Invariant = {
  number: 9,
  name: 'no token is in a message, a warning or an error',
  onText: ({ broughtBy, refreshes }, text) => {
    const secrets = [...broughtBy.keys(), ...refreshes.map(({ refreshToken }) => refreshToken)];
    const leaked = text.includes('eyJ') || secrets.some((secret) => text.includes(secret.slice(-20)));
    return leaked ? text.slice(0, 200) : null;
  },
};

const nothingHeld: Invariant = {
  number: 10,
  name: 'a client that was disposed of lets go of everything',
  onStep: ({ world, actors, troubledAt }) => {
    for (const { tab, disposedAt } of actors) {
      if (disposedAt === null || !tab.life.isAlive()) continue;
      const { timers, channels, wakeListeners, locks } = tab.held();
      const overdue = world.now() - Math.max(disposedAt, troubledAt) > LONGEST_CALL_MS;
      if (channels > 0 || wakeListeners > 0 || (overdue && timers + locks > 0)) return `${tab.name} still holds ${JSON.stringify(tab.held())}`;
    }
    return null;
  },
};

/** The ten promises, in the order of the design. */
export const INVARIANTS: readonly Invariant[] = [
  oneRefresh, noSpentToken, sessionsLast, callsSettle, usersApart, signOutLasts, neverExpired, staysInBackoff, noSecretTold, nothingHeld,
];
