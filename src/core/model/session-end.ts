import type { Instant } from './instant.ts';
import type { RecordChange } from './record-change.ts';
import type { SignedInState } from './session-state.ts';
import type { SessionStamps } from './session-stamps.ts';
import type { Session } from './storage-record.ts';
import { anchorOf, refreshLifetimeMs, remainingMs } from './token-life.ts';

/**
 * The earliest end of a session that is known.
 *
 * - `idle`: no activity in any tab for too long
 * - `session`: the longest time that the server or the app allows
 * - `refresh_token`: the end of the refresh token, as the API stated it, and of the access token
 * - `access_token`: the API has refused the refresh token, so the session ends with its access token (`endWhen: 'token_expires'`)
 */
export interface SessionEnd {
  readonly cause: 'idle' | 'session' | 'refresh_token' | 'access_token';
  /** Epoch ms by the device's clock. */
  readonly endsAt: number;
}

/** An end of a session, and how long it is until then. */
export interface PendingEnd {
  readonly cause: SessionEnd['cause'];
  /** Ms; not above 0 if the end has passed, `Infinity` if it is not known. */
  readonly leftMs: number;
}

/** The limits that an app sets, ms. */
export interface Limits {
  readonly idleMs: number;
  readonly sessionMs: number;
}

/** The time since a moment, anchored to the clocks of this tab. */
export interface Span {
  readonly at: Instant;
  /** How long ago the moment was at that reading of the clocks, ms. */
  readonly elapsedMs: number;
}

/** The end that the server stated. */
interface Ceiling {
  /** As the answer states it. */
  readonly stated: number;
  /** How long the session may last from the receipt of that answer, ms. */
  readonly limitMs: number;
  readonly since: Span;
}

/** What one tab has seen of the times of a session. */
export interface SessionTimes {
  readonly sessionId: string;
  /** As the record had them at the latest reading. */
  readonly read: SessionStamps;
  readonly active: Span;
  readonly started: Span;
  readonly ceiling: Ceiling | null;
}

/** How much a clock may be set back before a stamp counts as one of another clock, ms. */
const CLOCK_GRAIN_MS = 1000;

/**
 * Anchors the time since a stamp to the clocks of this tab.
 *
 * A stamp that is still to come was written before the clock was set back. A tab that has an earlier anchor keeps it. A page that has just
 * loaded cannot measure the time, so it counts as too long.
 *
 * @param last the anchor of this tab for the same session
 */
function spanSince(stamp: number, at: Instant, last?: Span): Span {
  const elapsedMs = at.wall - stamp;
  if (elapsedMs >= -CLOCK_GRAIN_MS) return { at, elapsedMs: Math.max(0, elapsedMs) };
  return last ?? { at, elapsedMs: Infinity };
}

/** Returns the time since the moment of a span, ms. It takes the larger of two answers, as the sleep of a device stops one clock. */
function elapsedMs({ elapsedMs: before, at: { wall, monotonic } }: Span, at: Instant): number {
  return before + Math.max(0, at.wall - wall, at.monotonic - monotonic);
}

/** Anchors a span again, so that time which this tab has measured stays measured if the clock is set back later. */
function anchoredAt(span: Span, at: Instant): Span {
  const passedMs = elapsedMs(span, at);
  return passedMs - span.elapsedMs < CLOCK_GRAIN_MS ? span : { at, elapsedMs: passedMs };
}

/** Returns the stamp of a span by the clock of now. */
export function stampOf(span: Span, at: Instant): number {
  return Math.floor(at.wall - elapsedMs(span, at));
}

/** Whether the stamps are missing, or of a clock that was set back since. A page that loads could not read them. */
export function needsStamps({ read: { activeAt, startedAt }, active, started }: SessionTimes, at: Instant): boolean {
  const isRight = (stamp: unknown, span: Span) => (stampIn(stamp) ?? Infinity) - stampOf(span, at) <= CLOCK_GRAIN_MS;
  return !isRight(activeAt, active) || !isRight(startedAt, started);
}

/**
 * Follows the times of a session when its record is read. A session without stamps counts from its tokens.
 *
 * This tab may have seen activity that the record does not have yet, so the latest activity and the earliest start count.
 */
export function timesOf(session: Session, at: Instant, known: SessionTimes | null): SessionTimes {
  const last = known?.sessionId === session.sessionId ? known : undefined;
  const { sessionId, activeAt, startedAt, receipt: { receivedAt } } = session;
  const follow = (name: 'active' | 'started', stamp: unknown, before: unknown) => {
    const span = last?.[name];
    if (span && (stamp === before || stampIn(stamp) === null)) return anchoredAt(span, at); // A stamp is read once, because the clock may be set since.
    return longer(name === 'active' ? -1 : 1, spanSince(stampIn(stamp) ?? receivedAt, at, span), span, at);
  };
  return {
    sessionId,
    read: { activeAt, startedAt },
    active: follow('active', activeAt, last?.read.activeAt),
    started: follow('started', startedAt, last?.read.startedAt),
    ceiling: ceilingOf(session, at, last?.ceiling ?? null),
  };
}

/** Notes activity that another tab or this one has seen. */
export function withActivity(times: SessionTimes, stamp: number, at: Instant): SessionTimes {
  return { ...times, active: longer(-1, spanSince(stamp, at, times.active), times.active, at) };
}

/** Returns the longer of two spans; the shorter one with the sign -1. */
function longer(sign: 1 | -1, next: Span, last: Span | undefined, at: Instant): Span {
  return last && sign * (elapsedMs(next, at) - elapsedMs(last, at)) <= 0 ? last : next;
}

function stampIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** An end that the latest answer states counts, unless it is in the past then. It needs an answer that shows the time of the API. */
function ceilingOf({ tokens: { sessionExpiresAt: stated }, receipt: { receivedAt, clockOffset, isClockMeasured } }: Session, at: Instant, last: Ceiling | null): Ceiling | null {
  if (typeof stated !== 'number' || last?.stated === stated) return last;
  const limitMs = stated - clockOffset - receivedAt;
  const since = spanSince(receivedAt, at);
  return isClockMeasured && limitMs >= CLOCK_GRAIN_MS && since.elapsedMs < Infinity ? { stated, limitMs, since } : null;
}

/** Notes the times of a session for the other tabs, and for pages that load later. */
export function stampChange(times: SessionTimes | null, at: Instant): RecordChange {
  return (current) => {
    if (current.status !== 'signedIn' || current.session.sessionId !== times?.sessionId) return current;
    const stamp = stampOf(times.active, at);
    const { activeAt: stored = 0 } = current.session;
    const isLater = stored !== times.read.activeAt && stored > stamp && stored <= at.wall; // Another tab has seen later activity.
    const activeAt = isLater ? stored : stamp;
    return { ...current, session: { ...current.session, activeAt, startedAt: stampOf(times.started, at) }, revision: current.revision + 1 };
  };
}

/** Returns the ends that the limits and the server set. Past them the session is over. */
export function limitedEnds({ active, started, ceiling }: SessionTimes, { idleMs, sessionMs }: Limits, at: Instant): readonly PendingEnd[] {
  return [
    { cause: 'idle', leftMs: leftMs(idleMs, active, at) },
    { cause: 'session', leftMs: leftMs(sessionMs, started, at) },
    { cause: 'session', leftMs: ceiling ? leftMs(ceiling.limitMs, ceiling.since, at) : Infinity },
  ];
}

function leftMs(limitMs: number, span: Span, at: Instant): number {
  return limitMs === Infinity ? Infinity : limitMs - elapsedMs(span, at);
}

/** Returns the end that the tokens set. The client ends the session by itself then. */
export function tokenEnd({ record: { session, endsAs }, life }: SignedInState, at: Instant): PendingEnd {
  const accessMs = remainingMs(life, at);
  if (endsAs) return { cause: 'access_token', leftMs: accessMs };
  const { receivedAt, isClockMeasured } = session.receipt;
  const refreshMs = isClockMeasured ? remainingMs(anchorOf(receivedAt, refreshLifetimeMs(session), life), at) : Infinity;
  return { cause: 'refresh_token', leftMs: Math.max(accessMs, refreshMs) };
}

/** Returns the earliest of several ends. */
export function earliest(ends: readonly PendingEnd[]): PendingEnd {
  return ends.reduce((first, next) => (next.leftMs < first.leftMs ? next : first));
}
