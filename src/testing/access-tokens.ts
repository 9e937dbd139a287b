import { ApiError } from './api-error.ts';
import type { Session } from './session.ts';

/** An access token that has been given out. */
export interface AccessTokenRecord {
  readonly session: Session;
  /** When it expires, epoch ms, or `null` for never. */
  readonly expiresAt: number | null;
  revoked: boolean;
}

/** The access tokens that have been given out, by their raw value. */
export class AccessTokens {
  readonly #records = new Map<string, AccessTokenRecord>();
  #rejections = 0;

  /** How many times a token was refused. */
  get rejections(): number {
    return this.#rejections;
  }

  /** Remembers a token. */
  add(raw: string, session: Session, expiresAt: number | null): void {
    this.#records.set(raw, { session, expiresAt, revoked: false });
  }

  /** What is known of a token, expired and revoked ones included. */
  find(raw: string): AccessTokenRecord | undefined {
    return this.#records.get(raw);
  }

  /** The session of a token that is good now; throws error 450 for any other. */
  verify(raw: string, now: number): Session {
    const record = this.#records.get(raw);
    if (record && isGood(record, now)) return record.session;
    this.#rejections += 1;
    throw new ApiError(450);
  }

  /** Revokes one token. */
  revoke(raw: string): void {
    const record = this.#records.get(raw);
    if (record) record.revoked = true;
  }

  /** Revokes the tokens that are good now, of one bot or of all; says how many. */
  revokeAll(now: number, botId?: string): number {
    const good = [...this.#records.values()].filter((record) => isGood(record, now) && (botId === undefined || record.session.bot.id === botId));
    for (const record of good) record.revoked = true;
    return good.length;
  }
}

function isGood(record: AccessTokenRecord, now: number): boolean {
  const { revoked, expiresAt, session } = record;
  return !revoked && session.endCode === null && (expiresAt === null || now < expiresAt);
}
