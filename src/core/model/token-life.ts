import type { Instant } from './instant.ts';
import { decodeClaims, instantOf, isInstant, type TokenSet } from './token-set.ts';

/**
 * The time facts of a token set, measured when it was received.
 *
 * They are relative, because a device clock can be wrong by years and still count seconds well.
 */
export interface Receipt {
  /** When the tokens were requested, epoch ms by the device's clock. */
  readonly receivedAt: number;
  /** How long the access token lives from then, ms; `null` if its expiry is not known. */
  readonly lifetimeMs: number | null;
  /** API clock minus device clock at that moment, ms. */
  readonly clockOffset: number;
  /**
   * True if the answer of these tokens showed the API's time. Otherwise `clockOffset` is of an earlier answer, or 0, and
   * the device's clock may have been set since.
   */
  readonly isClockMeasured?: boolean | undefined;
}

/** The time facts of an answer. */
export interface ReceiptFacts {
  /** When the request was sent and when its answer arrived, epoch ms by the device's clock. */
  readonly requestedAt: number;
  readonly answeredAt: number;
  /** API clock minus device clock, ms: by a readable `Date` header, or as measured earlier. */
  readonly clockOffset: number;
  /** True if `clockOffset` is by the `Date` header of this answer. */
  readonly dated: boolean;
  /** True if the API has just issued the tokens; false for tokens that were kept elsewhere. */
  readonly fresh: boolean;
}

/** `iat`, `exp` and `Date` are whole seconds, so the API's clock may be that much further on. */
const CLOCK_GRAIN_MS = 1000;

/**
 * Works out how long a token set lives and how far the device's clock is off.
 *
 * A fresh token lives `expires_at − iat`, independent of the device's clock. Some servers write an `iat` that is minutes
 * old, so the latest of `iat`, `issuedAt` and `Date` counts as the API's time. A token that looks expired when it arrives,
 * or within a second, is used until the API rejects it, because refreshing it would loop.
 *
 * @param last the tokens before these. If the API returns the same access token again, its `iat` is old and is not used.
 */
export function receiptOf(tokens: TokenSet, facts: ReceiptFacts, last?: TokenSet): Receipt {
  const { requestedAt, answeredAt, fresh } = facts;
  const claims = decodeClaims(tokens.accessToken);
  const [iat, exp] = [instantOf(claims?.iat), instantOf(claims?.exp)];
  const issued = isInstant(tokens.issuedAt, requestedAt) ? tokens.issuedAt : iat;
  const isNew = fresh && issued !== null && tokens.accessToken !== last?.accessToken;
  const clockOffset = Math.max(isNew ? issued - requestedAt : -Infinity, isNew && !facts.dated ? -Infinity : facts.clockOffset);
  const measured = { clockOffset, isClockMeasured: isNew || facts.dated };
  const expiresAt = tokens.expiresAt ?? Infinity;
  const left = expiresAt - (requestedAt + clockOffset);
  if (left === Infinity || (fresh && left < CLOCK_GRAIN_MS)) return { receivedAt: answeredAt, lifetimeMs: null, ...measured };
  const own = (exp ?? Infinity) - (iat ?? 0); // A protocol may have counted `expiresAt` from a wrong clock.
  const whole = Math.max(0, Math.min(left, issued === null ? left : expiresAt - issued, own < CLOCK_GRAIN_MS ? left : own));
  const lifetimeMs = whole - Math.min(CLOCK_GRAIN_MS, whole / 2);
  // The token was issued during the round trip. Its start is the safe choice, but a slow answer must not cut a short life so far that it loops.
  return { receivedAt: Math.max(requestedAt, answeredAt - lifetimeMs / 4), lifetimeMs, ...measured };
}

/** Returns how long the refresh token lives from the receipt of its token set, ms; `Infinity` if its end is not known or looks past. */
export function refreshLifetimeMs({ tokens: { refreshExpiresAt = Infinity }, receipt }: { readonly tokens: TokenSet; readonly receipt: Receipt }): number {
  const lifetimeMs = refreshExpiresAt - receipt.clockOffset - receipt.receivedAt;
  return lifetimeMs < CLOCK_GRAIN_MS ? Infinity : lifetimeMs;
}

/** The readings of a tab's clocks when it adopted a token set. */
export interface Anchor extends Instant {
  /** Life left at that moment, ms; `Infinity` if the expiry is not known. */
  readonly leftMs: number;
}

/** Anchors a span of time to this tab's clocks. A device clock that was set back does not lengthen it. */
export function anchorOf(beganAt: number, lengthMs: number, at: Instant): Anchor {
  return { ...at, leftMs: Math.min(lengthMs, lengthMs - (at.wall - beganAt)) };
}

/**
 * Anchors an access token's life to the clocks of the tab that adopts it.
 *
 * If the token was received in the future, the clock has been set back since, so its age is unknown. It counts as
 * expired, and one refresh measures the time again.
 */
export function lifeOf({ receivedAt, lifetimeMs }: Receipt, at: Instant): Anchor {
  if (lifetimeMs === null) return { ...at, leftMs: Infinity };
  const setBack = receivedAt - at.wall > Math.min(CLOCK_GRAIN_MS, lifetimeMs / 4);
  return anchorOf(receivedAt, setBack ? 0 : lifetimeMs, at);
}

/**
 * Returns how long the access token can still be used, ms; negative once it has expired.
 *
 * It takes the smaller of two answers, because the monotonic clock may stop during sleep and the wall clock may be set back.
 */
export function remainingMs(anchor: Anchor, { wall, monotonic }: Instant): number {
  return anchor.leftMs - Math.max(wall - anchor.wall, monotonic - anchor.monotonic);
}
