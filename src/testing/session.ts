import type { Bot } from './bot.ts';
import type { BonfireSettings } from './bonfire-settings.ts';

/** The error code that a session's refresh tokens answer once it has ended. */
export type EndCode = 451 | 460 | 800 | 810;

/** One session (a family of tokens that come from one another), for assertions. */
export interface SessionSummary {
  readonly id: number;
  readonly botId: string;
  readonly alive: boolean;
  /** Why it ended, or `null` while it lives. */
  readonly endCode: EndCode | null;
  /** How many refreshes were granted. */
  readonly refreshes: number;
  /** How many times its refresh token was replaced. */
  readonly rotations: number;
  /** How many times a used-up refresh token came again, outside the grace period. */
  readonly reuses: number;
  /** The most refreshes that were in flight at once (1 is right). */
  readonly maxConcurrentRefreshes: number;
}

/** A session as the server keeps it. */
export interface Session {
  readonly id: number;
  readonly bot: Bot;
  endCode: EndCode | null;
  refreshes: number;
  rotations: number;
  reuses: number;
  refreshesInFlight: number;
  maxConcurrentRefreshes: number;
  /** When its refresh token was last replaced, epoch ms. */
  rotatedAt: number;
  /** Its refresh token, perhaps still being signed; `null` when it has none. */
  refreshToken: Promise<string> | null;
}

/** A session that has just begun. */
export function newSession(id: number, bot: Bot): Session {
  const counters = { refreshes: 0, rotations: 0, reuses: 0, refreshesInFlight: 0, maxConcurrentRefreshes: 0 };
  return { id, bot, endCode: null, ...counters, rotatedAt: -Infinity, refreshToken: null };
}

/** What tests see of a session. */
export function summaryOf(session: Session): SessionSummary {
  const { id, bot, endCode, refreshes, rotations, reuses, maxConcurrentRefreshes } = session;
  return { id, botId: bot.id, alive: endCode === null, endCode, refreshes, rotations, reuses, maxConcurrentRefreshes };
}

/**
 * Judges a refresh token of a session that lives.
 *
 * @param rotation the rotation that brought this token, 0 for the first
 * @returns `current`, `graced` when it is the previous one and came soon enough, or `reused`
 */
export function judgeRefreshToken(session: Session, rotation: number, settings: BonfireSettings, now: number): 'current' | 'graced' | 'reused' {
  if (rotation === session.rotations) return 'current';
  const soonEnough = now - session.rotatedAt < settings.reuseGraceMs;
  return rotation === session.rotations - 1 && soonEnough ? 'graced' : 'reused';
}
