import type { Bot } from './bot.ts';
import type { BonfireSettings } from './bonfire-settings.ts';

/** The error code that the refresh tokens of an ended session get. */
export type EndCode = 451 | 460 | 800 | 810;

/** The state of one session at the API, for assertions. */
export interface SessionSummary {
  readonly id: number;
  readonly botId: string;
  readonly alive: boolean;
  /** Why it ended; `null` while it is active. */
  readonly endCode: EndCode | null;
  /** How many refreshes were granted. */
  readonly refreshes: number;
  /** How often its refresh token was rotated. */
  readonly rotations: number;
  /** How often a rotated refresh token was sent again after its grace period. */
  readonly reuses: number;
  /** The highest number of refreshes that were in flight at the same time; 1 is right. */
  readonly maxConcurrentRefreshes: number;
}

/** The state of one session inside the server. */
export interface Session {
  readonly id: number;
  readonly bot: Bot;
  endCode: EndCode | null;
  refreshes: number;
  rotations: number;
  reuses: number;
  refreshesInFlight: number;
  maxConcurrentRefreshes: number;
  /** When its refresh token was last rotated, epoch ms. */
  rotatedAt: number;
  /** Its current refresh token, which may still be in signing; `null` if it has none. */
  refreshToken: Promise<string> | null;
}

/** Creates the state of a new session. */
export function newSession(id: number, bot: Bot): Session {
  const counters = { refreshes: 0, rotations: 0, reuses: 0, refreshesInFlight: 0, maxConcurrentRefreshes: 0 };
  return { id, bot, endCode: null, ...counters, rotatedAt: -Infinity, refreshToken: null };
}

/** Returns the part of a session's state that tests can read. */
export function summaryOf(session: Session): SessionSummary {
  const { id, bot, endCode, refreshes, rotations, reuses, maxConcurrentRefreshes } = session;
  return { id, botId: bot.id, alive: endCode === null, endCode, refreshes, rotations, reuses, maxConcurrentRefreshes };
}

/**
 * Checks a refresh token of an active session.
 *
 * @param rotation the number of rotations before this token, 0 for the first token
 * @param now epoch ms
 * @returns `current`, `inGrace` for the previous token within its grace period, or `reused`
 */
export function checkRefreshToken(session: Session, rotation: number, settings: BonfireSettings, now: number): 'current' | 'inGrace' | 'reused' {
  if (rotation === session.rotations) return 'current';
  const isGracePeriod = now - session.rotatedAt < settings.reuseGraceMs;
  return rotation === session.rotations - 1 && isGracePeriod ? 'inGrace' : 'reused';
}
