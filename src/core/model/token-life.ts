import type { Instant } from './instant.ts';
import { issuedAt, type TokenSet } from './token-set.ts';

/**
 * What a tab knows about the time of a token set, learnt when it was received.
 *
 * Kept relative, because a device clock can be wrong by years and still count seconds well.
 */
export interface Receipt {
  /** When it was asked for, epoch ms by the device's clock. */
  readonly receivedAt: number;
  /** How long the access token lives from then, ms; `null` when it has no known expiry. */
  readonly lifetimeMs: number | null;
  /** API clock minus device clock at that moment, ms. */
  readonly clockOffset: number;
}

/** What can be known at the moment an answer arrives. */
export interface ReceiptFacts {
  /** Epoch ms by the device's clock when the request was sent, and when its answer was there: never before. */
  readonly requestedAt: number;
  readonly answeredAt: number;
  /** API clock minus device clock by a readable `Date` header, or as it was learnt earlier, ms. */
  readonly clockOffset: number;
  /** True when the API has just issued the tokens; false for tokens that were kept elsewhere. */
  readonly fresh: boolean;
}

/** `iat`, `exp` and `Date` are whole seconds: the API's clock may be that much further on. */
const CLOCK_GRAIN_MS = 1000;

/**
 * Works out how long a token set lives and how far the device's clock is off.
 *
 * A fresh token lives `expires_at − iat` whatever the device's clock says. One that looks expired on
 * arrival, or within a second, is used until the API rejects it, instead of being renewed in a loop.
 *
 * @param last the tokens before these: what the API hands out once more is as old as it was, and its `iat` tells no time
 */
export function receiptOf(tokens: TokenSet, facts: ReceiptFacts, last?: TokenSet): Receipt {
  const { requestedAt, answeredAt, fresh } = facts;
  const issued = issuedAt(tokens.accessToken);
  const clockOffset = fresh && issued !== null && tokens.accessToken !== last?.accessToken ? issued - requestedAt : facts.clockOffset;
  const expiresAt = tokens.expiresAt ?? Infinity;
  const left = expiresAt - (requestedAt + clockOffset);
  if (left === Infinity || (fresh && left < CLOCK_GRAIN_MS)) return { receivedAt: answeredAt, clockOffset, lifetimeMs: null };
  const whole = Math.max(0, Math.min(left, issued === null ? left : expiresAt - issued));
  const lifetimeMs = whole - Math.min(CLOCK_GRAIN_MS, whole / 2);
  // Issued at some moment of the round trip; the earliest is safe, but a slow answer must not make a short life a loop.
  return { receivedAt: Math.max(requestedAt, answeredAt - lifetimeMs / 4), clockOffset, lifetimeMs };
}

/** Where a tab's own clocks stood when it took over a token set. */
export interface Anchor extends Instant {
  /** Life left at that moment, ms; `Infinity` when the token has no known expiry. */
  readonly leftMs: number;
}

/** Fixes a span of time, from when it began by the device's clock, to this tab's clocks; a clock that was set back adds nothing. */
export function anchorOf(beganAt: number, lengthMs: number, at: Instant): Anchor {
  return { ...at, leftMs: Math.min(lengthMs, lengthMs - (at.wall - beganAt)) };
}

/**
 * Fixes an access token's life to the clocks of a tab that takes it over.
 *
 * A token from the future tells that the clock was set back since, as across a reload: nobody knows how old it is.
 * It counts as over, so that one refresh learns the time anew.
 */
export function lifeOf({ receivedAt, lifetimeMs }: Receipt, at: Instant): Anchor {
  if (lifetimeMs === null) return { ...at, leftMs: Infinity };
  const setBack = receivedAt - at.wall > Math.min(CLOCK_GRAIN_MS, lifetimeMs / 4);
  return anchorOf(receivedAt, setBack ? 0 : lifetimeMs, at);
}

/**
 * How long the access token can still be used, ms; negative once it is expired.
 *
 * The smaller of two answers: the monotonic clock misses a laptop's sleep, the wall clock may be set back.
 */
export function remainingMs(anchor: Anchor, { wall, monotonic }: Instant): number {
  return anchor.leftMs - Math.max(wall - anchor.wall, monotonic - anchor.monotonic);
}
