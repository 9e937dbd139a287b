import type { AccessTokens } from './access-tokens.ts';
import { ApiError } from './api-error.ts';
import type { BonfireSettings } from './bonfire-settings.ts';
import type { Bot } from './bot.ts';
import { checkRefreshToken, newSession, type EndCode, type Session } from './session.ts';
import { spanFrom, type TokenIssuer } from './token-issuer.ts';
import { wireTokens, type WireTokens } from './wire-tokens.ts';

interface RefreshTokenRecord {
  readonly session: Session;
  /** The number of rotations before this token, 0 for the first token. */
  readonly rotation: number;
}

/** The parts that the registry uses. */
export interface RegistryParts {
  readonly aud: string;
  readonly issuer: TokenIssuer;
  readonly accessTokens: AccessTokens;
  readonly settings: () => BonfireSettings;
}

/** The sessions, and the refresh tokens that belong to them. */
export class SessionRegistry {
  readonly #parts: RegistryParts;
  readonly #sessions: Session[] = [];
  readonly #refreshTokens = new Map<string, RefreshTokenRecord>();

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  /** Every session, active or ended, the newest last. */
  get all(): readonly Session[] {
    return this.#sessions;
  }

  /** Returns the session of a refresh token; rotated tokens are found, too. */
  find(refreshToken: string): Session | undefined {
    return this.#refreshTokens.get(refreshToken)?.session;
  }

  /** Starts a session of a bot and issues its first tokens. */
  create(bot: Bot, now: number): Promise<WireTokens> {
    const session = newSession(this.#sessions.length + 1, bot);
    this.#sessions.push(session);
    if (this.#parts.settings().accessTokenLifetimeMs !== null) session.refreshToken = this.#signRefreshToken(session, now);
    return this.#grant(session, session.refreshToken, now);
  }

  /** Grants a refresh, or throws the error code of its refusal. The check comes before the first `await`, so that only one of two refreshes at the same time can rotate. */
  async refresh(refreshToken: string, now: number): Promise<WireTokens> {
    const record = this.#refreshTokens.get(refreshToken);
    if (!record) throw new ApiError(451);
    const { session } = record;
    if (session.endCode !== null) throw new ApiError(session.endCode);
    const { rotateRefreshTokens, accessTokenLifetimeMs } = this.#parts.settings();
    const check = checkRefreshToken(session, record.rotation, this.#parts.settings(), now);
    if (check === 'reused') this.#refuseReuse(session);
    session.refreshes += 1;
    if (check === 'inGrace') return this.#grant(session, session.refreshToken, now);
    if (!rotateRefreshTokens || accessTokenLifetimeMs === null) return this.#grant(session, null, now);
    this.#rotate(session, now);
    return this.#grant(session, session.refreshToken, now);
  }

  /** Ends the active sessions that match the target, and returns how many. */
  end(target: { readonly refreshToken?: string; readonly botId?: string }, reason: EndCode): number {
    const { refreshToken, botId } = target;
    const ended = this.#sessions.filter(
      (session) =>
        session.endCode === null &&
        (botId === undefined || session.bot.id === botId) &&
        (refreshToken === undefined || this.find(refreshToken) === session),
    );
    for (const session of ended) session.endCode = reason;
    return ended.length;
  }

  #refuseReuse(session: Session): never {
    session.reuses += 1;
    if (this.#parts.settings().reuseDetection) session.endCode = 451;
    throw new ApiError(451);
  }

  #rotate(session: Session, now: number): void {
    session.rotations += 1;
    session.rotatedAt = now;
    session.refreshToken = this.#signRefreshToken(session, now);
  }

  async #signRefreshToken(session: Session, now: number): Promise<string> {
    const record = { session, rotation: session.rotations };
    const raw = await this.#parts.issuer.refresh(this.#subject(session), Math.floor(now / 1000));
    this.#refreshTokens.set(raw, record);
    return raw;
  }

  async #grant(session: Session, refreshToken: Promise<string> | null, now: number): Promise<WireTokens> {
    const { accessTokenLifetimeMs, expiresAtSpelling } = this.#parts.settings();
    const span = spanFrom(now, accessTokenLifetimeMs);
    const accessToken = await this.#parts.issuer.access(this.#subject(session), span);
    this.#parts.accessTokens.add(accessToken, session, span.exp === null ? null : span.exp * 1000);
    return wireTokens({ accessToken, refreshToken: await refreshToken, span, spelling: expiresAtSpelling });
  }

  #subject(session: Session) {
    return { aud: this.#parts.aud, bid: session.bot.number, sid: session.id };
  }
}
