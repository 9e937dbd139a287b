import { ApiError } from './api-error.ts';
import type { Session } from './session.ts';

/** An access token that the API has issued. */
export interface AccessTokenRecord {
  readonly session: Session;
  /** When it expires, epoch ms; `null` if it never expires. */
  readonly expiresAt: number | null;
  revoked: boolean;
}

/** The access tokens that the API has issued, by their raw value. */
export class AccessTokens {
  readonly #records = new Map<string, AccessTokenRecord>();
  #rejections = 0;

  /** How many requests were rejected because of their token. */
  get rejections(): number {
    return this.#rejections;
  }

  /** Stores a token. */
  add(raw: string, session: Session, expiresAt: number | null): void {
    this.#records.set(raw, { session, expiresAt, revoked: false });
  }

  /** Finds a token; expired and revoked tokens are found, too. */
  find(raw: string): AccessTokenRecord | undefined {
    return this.#records.get(raw);
  }

  /** Returns the session of a token that is valid now; throws error 450 for any other token. */
  verify(raw: string, now: number): Session {
    const record = this.#records.get(raw);
    if (record && isValid(record, now)) return record.session;
    this.#rejections += 1;
    throw new ApiError(450);
  }

  /** Revokes one token. */
  revoke(raw: string): void {
    const record = this.#records.get(raw);
    if (record) record.revoked = true;
  }

  /** Revokes the tokens that are valid now, of one bot or of all bots, and returns how many. */
  revokeAll(now: number, botId?: string): number {
    const valid = [...this.#records.values()].filter((record) => isValid(record, now) && (botId === undefined || record.session.bot.id === botId));
    for (const record of valid) record.revoked = true;
    return valid.length;
  }
}

function isValid(record: AccessTokenRecord, now: number): boolean {
  const { revoked, expiresAt, session } = record;
  return !revoked && session.endCode === null && (expiresAt === null || now < expiresAt);
}
