import type { Exchange } from '../../support/world.ts';
import { factsOf, SECRET_MARK } from './authorization-server.ts';
import { hasLostAnswer, hasSentCurrent, isCalm, isEndLost, isGone, isInFlight, isStoredBefore, lostItsLease, mayBeOver } from './excuses.ts';
import type { History, Login, Refresh } from './history.ts';
import { stoppedMs, type Instance } from './instance.ts';
import type { InstanceInvariant } from './invariant.ts';
import { limitsHold } from './limits-hold.ts';
import { isRowLost } from './session-times.ts';

/** The longest time that a call can take: a slow store, two waits for a token, two slow answers, ms. */
const LONGEST_CALL_MS = 60_000;

/** The shortest wait between a failure and the next attempt, ms. */
const BACKOFF_FLOOR_MS = 100;

/** How long an instance waits for an answer of the token endpoint, ms. */
const TOKEN_DEADLINE_MS = 10_000;

/** How many attempts full jitter allows in a minute in the worst case. */
const MOST_ATTEMPTS_A_MINUTE = 20;

const oneRefresh: InstanceInvariant = {
  number: 1,
  name: 'at most one refresh request of a session is in flight, over all instances, and its attempt is noted in the store',
  onRefresh: (history, refresh) => {
    const { sid, exchange, instance, notedAt } = refresh;
    const others = history.refreshes.filter((other) => other.sid === sid && other !== refresh);
    if (notedAt === -Infinity || others.some((other) => other.instance === instance && other.notedAt === notedAt)) return `a refresh of session ${sid} is sent without a note in the store`;
    // After a stranded token was sent again, the instance that can store its successor at last makes the others refresh with that.
    const isBeside = (other: Refresh) => history.stranded.has(sid) && other.refreshToken !== refresh.refreshToken;
    const running = others.find((other) => isInFlight(other) && !lostItsLease(history, other) && !isBeside(other));
    return running ? `another refresh of session ${sid} was sent ${exchange.sentAt - running.exchange.sentAt} ms before by ${running.instance.tab.name} and is in flight` : null;
  },
};

const noRotatedToken: InstanceInvariant = {
  number: 2,
  name: 'a refresh token that is known to be rotated is never sent again',
  onRefresh: (history, { exchange, refreshToken, notedAt }) => {
    const rotated = history.refreshes.find((other) => other.exchange !== exchange && other.refreshToken === refreshToken && other.successor !== null && isStoredBefore(history, other.successor, notedAt));
    return rotated ? `it was rotated ${exchange.sentAt - rotated.exchange.phaseAt} ms before, and the new one was stored` : null;
  },
  onStep: (history) => {
    const reused = history.server.families.find(({ sid, endedBy }) => endedBy === 'reuse' && !history.judgedReuses.has(sid));
    if (!reused) return null;
    history.judgedReuses.add(reused.sid);
    return hasLostAnswer(history, reused.sid) ? null : `the server received a rotated refresh token of session ${reused.sid}`;
  },
};

const sessionsLast: InstanceInvariant = {
  number: 3,
  name: 'only a sign-out, another sign-in or a final answer about the current refresh token ends a session',
  onOutcome: (history, { path, login, outcome, detail, endReason }) => {
    if (outcome !== 'over') return null;
    if (!mayBeOver(history, login)) return `${path} ends with ${detail}, but nothing has ended session ${login.sid}`;
    const isLost = endReason === 'refresh_token_invalid' && history.server.families[login.sid]?.endedBy === 'reuse' && !isRowLost(history, login.sid, -Infinity) && !hasSentCurrent(history, login.sid);
    return isLost ? `${path} ends with ${endReason}, although the answer with the next refresh token was lost` : null;
  },
};

const callsSettle: InstanceInvariant = {
  number: 4,
  name: 'every call settles, with at most two sends, the second only after a rejection, and a late rejection costs no refresh',
  onRefresh: (history, refresh) => (isNeeded(history, refresh) ? null : `the tokens of ${refresh.refreshToken} are neither rejected nor about to expire`),
  onSend: (_history, { path, sends }, exchange) => {
    if (sends.length > 2) return `${path} is sent ${sends.length} times`;
    const [first] = sends;
    return first && first !== exchange && !(first.phase === 'delivered' && first.status === 401) ? `${path} is sent again after ${first.phase} ${first.status}` : null;
  },
  onStep: (history) => {
    const call = history.calls.find(({ outcome, at, instance }) => outcome === 'pending' && isOverdue(history, at, instance));
    if (call) return `${call.path} on ${call.instance.tab.name} has not settled`;
    const intent = history.intents.find(({ isSettled, at, instance }) => !isSettled && isOverdue(history, at, instance));
    return intent ? `${intent.kind} on ${intent.instance.tab.name} has not settled` : null;
  },
  onOutcome: (history, call) => {
    const isServed = call.outcome === 'answered' || call.outcome === 'over' || call.detail === 'AbortError' || call.instance.drainedAt !== null;
    return isServed || !isCalm(history, call) ? null : `${call.path} ends with ${call.detail} although nothing is wrong`;
  },
};

/** Whether the API has rejected the access token, or a quarter of its life is left, or its age may be unknown because a clock was wrong or the answer slow. */
function isNeeded(history: History, { refreshToken, exchange }: Refresh): boolean {
  const token = refreshToken.replace('refresh', 'access');
  const { issuedAt, expiresAt } = history.server.lifeOf(token);
  const { generation } = factsOf(refreshToken);
  const answer = history.refreshes.find(({ successor }) => successor === refreshToken)?.exchange;
  const lifeMs = expiresAt - issuedAt;
  const isClockRight = history.clockChangedAt === -Infinity && history.scenario.skews.every((ms) => ms === 0);
  if (generation === 1 || !answer || !isClockRight || answer.phaseAt - issuedAt > lifeMs / 10) return true;
  const isRejected = history.calls.some(({ sends }) => sends.some((sent) => sent.status === 401 && bearerOf(sent) === token));
  return isRejected || exchange.sentAt - issuedAt > lifeMs * 0.6;
}

function isOverdue({ world }: History, at: number, instance: Instance): boolean {
  return !isGone(instance) && world.now() - at - stoppedMs(instance, at, world.now()) > LONGEST_CALL_MS;
}

const usersAreSeparate: InstanceInvariant = {
  number: 5,
  name: 'no call is sent with the token of another session, or answered with its data',
  onSend: (_history, { path, login }, exchange) => {
    const { sid } = factsOf(bearerOf(exchange));
    return sid === login.sid ? null : `${path} of session ${login.sid} is sent as session ${sid}`;
  },
};

const bearerOf = ({ authorization }: Exchange) => authorization?.replace(/^Bearer /, '') ?? '';

const endsLast: InstanceInvariant = {
  number: 6,
  name: 'after the end of a session no request with its cookie is answered with data, on no instance, and its row stays gone',
  onOutcome: (history, { path, login, outcome, at }) => {
    const end = outcome === 'answered' ? endOf(history, login, at) : null;
    return end ? `${path} of session ${login.sid} is answered ${at - end} ms after its end` : null;
  },
  onStep: (history) => {
    const kept = history.logins.find((login) => history.records.has(login.key) && endOf(history, login, Infinity) !== null);
    return kept ? `the row of session ${kept.sid} has its tokens` : null;
  },
};

/** When the end of a session had resolved before a time; `null` if it had not, or if a failover has undone it. */
function endOf(history: History, login: Login, before: number): number | null {
  const end = history.intents.find(({ ends, resolvedAt }) => resolvedAt !== null && resolvedAt < before && ends.includes(login));
  return end?.resolvedAt && !isEndLost(history, login, end.at) ? end.resolvedAt : null;
}

const neverExpired: InstanceInvariant = {
  number: 7,
  name: 'no request is sent with an expired token',
  onSend: (history, { path }, exchange) => expiredBy(history, bearerOf(exchange), path),
  onToken: (history, token) => expiredBy(history, token, 'a token'),
};

function expiredBy(history: History, token: string, what: string): string | null {
  const { issuedAt, expiresAt } = history.server.lifeOf(token);
  const lateMs = history.world.now() - expiresAt;
  if (lateMs < 0 || isAgeUnknown(history, token, issuedAt, expiresAt)) return null;
  return `${what} is sent ${lateMs} ms after the token's expiry`;
}

/**
 * Whether the answer with a token took a large part of its life, or the store's clock was set back in its life. Or it is the token of a
 * sign-in, and a clock was wrong: the answer to the write of a new row does not state the store's time.
 */
function isAgeUnknown({ refreshes, failovers, scenario, clockChangedAt }: History, token: string, issuedAt: number, expiresAt: number): boolean {
  if (factsOf(token).generation === 1 && (clockChangedAt > -Infinity || scenario.skews.some((ms) => ms !== 0))) return true;
  const answer = refreshes.find(({ successor }) => successor?.replace('refresh', 'access') === token)?.exchange;
  if (answer && answer.phaseAt - answer.sentAt > (expiresAt - issuedAt) / 4) return true;
  return failovers.some(({ at, jumpMs }) => jumpMs < 0 && at >= issuedAt);
}

const staysInBackoff: InstanceInvariant = {
  number: 8,
  name: 'while the token endpoint is down, attempts stay within the backoff, over all instances',
  onRefresh: (history, refresh) => {
    const { refreshToken, exchange } = refresh;
    const sent = history.refreshes.filter((other) => other.refreshToken === refreshToken && other !== refresh);
    const failures = sent.filter(isFailure);
    const last = failures.at(-1);
    if (!last || last !== sent.at(-1) || isUnshared(history, last)) return null;
    const soonest = Math.max(failedAt(last) + BACKOFF_FLOOR_MS, retryAfterEnd(last));
    if (exchange.sentAt < soonest) return `the next attempt is sent ${exchange.sentAt - failedAt(last)} ms after a failure (${last.exchange.status ?? last.exchange.phase}, Retry-After ${last.exchange.retryAfter})`;
    const lastMinute = failures.filter((other) => other.exchange.sentAt > exchange.sentAt - 60_000);
    return lastMinute.length > MOST_ATTEMPTS_A_MINUTE ? `${lastMinute.length} attempts failed within a minute` : null;
  },
};

/** Whether a failure could not be stored, or was lost with a write, or the store's clock has jumped since. */
function isUnshared(history: History, { instance, exchange, sid }: Refresh): boolean {
  const key = history.keys.get(sid);
  const isUnstored = history.failedOperations.some((failed) => failed.process === instance.process && failed.key === key && failed.at >= exchange.sentAt);
  return isGone(instance) || isUnstored || stoppedMs(instance, exchange.sentAt, history.world.now()) > 0 || isRowLost(history, sid, exchange.sentAt) || history.failovers.some(({ at, jumpMs }) => at >= exchange.sentAt && jumpMs > 0);
}

function isFailure({ exchange: { phase, status, answer } }: Refresh): boolean {
  return phase === 'failed' || phase === 'aborted' || (phase === 'delivered' && (status !== 200 || answer?.includes('"access_token":') === false));
}

/** When the instance counts the attempt as failed: at its deadline, although it still accepts a late answer. */
function failedAt({ exchange: { phase, phaseAt, sentAt } }: Refresh): number {
  return phase === 'aborted' ? Math.min(phaseAt, sentAt + TOKEN_DEADLINE_MS) : phaseAt;
}

function retryAfterEnd({ exchange: { phase, phaseAt, retryAfter } }: Refresh): number {
  return phase === 'delivered' && retryAfter !== null ? phaseAt + Number(retryAfter) * 1000 : -Infinity;
}

const noTokenLeaks: InstanceInvariant = {
  number: 9,
  name: 'no token and no session id is in a row, a warning or an error',
  onText: ({ logins }, text) => (text.includes(SECRET_MARK) || logins.some(({ id }) => text.includes(id)) ? text.slice(0, 200) : null),
};

const closeReleasesAll: InstanceInvariant = {
  number: 10,
  name: 'a closed instance releases every timer and every watch',
  onStep: (history, { store }) => {
    for (const instance of history.instances) {
      if (instance.closedAt === null || isGone(instance) || !isOverdue(history, instance.closedAt, instance)) continue;
      const held = { timers: instance.process.timers(), watches: store.watchesOf(instance.process) };
      if (held.timers + held.watches > 0) return `${instance.tab.name} still holds ${JSON.stringify(held)}`;
    }
    return null;
  },
};

/** The ten invariants, numbered as in `storybook/docs/obligations.mdx`, and one about the limits of sessions. */
export const INSTANCE_INVARIANTS: readonly InstanceInvariant[] = [oneRefresh, noRotatedToken, sessionsLast, callsSettle, usersAreSeparate, endsLast, neverExpired, staysInBackoff, noTokenLeaks, closeReleasesAll, limitsHold];
