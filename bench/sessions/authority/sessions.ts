import { randomUUID } from 'node:crypto';
import { SUBJECT, type Tokens } from './tokens.ts';

/** How the authorization server behaves just now. */
export interface Behaviour {
  /** How long a spent refresh token still gets the tokens that replaced it, ms; 0: never. */
  graceMs: number;
  /** How long a refresh takes, ms. */
  refreshMs: number;
  /** How long a call of the API takes, ms. */
  callMs: number;
  accessTokenMs: number;
  accessTokenBytes: number;
  refreshTokenBytes: number;
  /** The token endpoint answers 503. */
  isDown: boolean;
  /** The token endpoint does the next refreshes, but their answers are lost. */
  answersToLose: number;
  /** Answers of refreshes wait for it. */
  refreshGate: Promise<void> | null;
  /** Slow calls of the API wait for it. */
  slowGate: Promise<void> | null;
}

export const USUAL: Behaviour = { graceMs: 0, refreshMs: 60, callMs: 15, accessTokenMs: 3_600_000, accessTokenBytes: 0, refreshTokenBytes: 0, isDown: false, answersToLose: 0, refreshGate: null, slowGate: null };

/** Counts since the last `reset`. */
export interface Counts {
  /** Requests for a refresh that reached the server. */
  refreshes: number;
  /** Requests with a refresh token that was spent before, beyond any grace. Each ends the session. */
  reuses: number;
  /** Requests for a refresh that were answered with 503. */
  unavailable: number;
  /** Slow calls that reached the API. */
  slowCalls: number;
}

const NONE: Counts = { refreshes: 0, reuses: 0, unavailable: 0, slowCalls: 0 };

export interface Issued {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

interface Session {
  readonly id: string;
  /** The newest tokens. A refresh replaces the promise before it has signed them, so that a repeat within the grace waits for them. */
  current: Promise<Issued>;
  readonly spent: Map<string, number>;
  readonly rejected: Set<string>;
  isOver: boolean;
}

/** The sessions of the authorization server, with refresh tokens that work once. A second use ends the session (RFC 9700, section 4.14.2). */
export class AuthoritySessions {
  readonly behaviour: Behaviour = { ...USUAL };
  readonly counts: Counts = { ...NONE };
  readonly #byToken = new Map<string, Session>();
  readonly #tokens: Tokens;
  readonly #issuer: () => string;

  constructor(tokens: Tokens, issuer: () => string) {
    this.#tokens = tokens;
    this.#issuer = issuer;
  }

  /** Forgets all sessions, and restores the usual behaviour. */
  reset(): void {
    this.#byToken.clear();
    Object.assign(this.behaviour, USUAL);
    Object.assign(this.counts, NONE);
  }

  async begin(): Promise<Issued> {
    const id = `session_${randomUUID()}`;
    const session: Session = { id, current: this.#issue(id), spent: new Map(), rejected: new Set(), isOver: false };
    return this.#index(session);
  }

  /** Returns `null` if the refresh is refused. */
  async refresh(refreshToken: string): Promise<Issued | null> {
    const session = this.#byToken.get(refreshToken);
    if (!session) return null;
    const spentAt = session.spent.get(refreshToken);
    if (spentAt !== undefined) {
      if (!session.isOver && Date.now() - spentAt < this.behaviour.graceMs) return session.current;
      this.counts.reuses += 1;
      session.isOver = true;
      return null;
    }
    if (session.isOver) return null;
    session.spent.set(refreshToken, Date.now());
    session.current = this.#issue(session.id);
    return this.#index(session);
  }

  /** Returns the user, or `null` if the API rejects the access token. */
  userOf(accessToken: string): string | null {
    const session = this.#byToken.get(accessToken);
    if (!session || session.isOver || session.rejected.has(accessToken)) return null;
    const [, payload = ''] = accessToken.split('.');
    const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number };
    return Date.now() < exp * 1000 ? SUBJECT : null;
  }

  /** Lets the API reject the access tokens of all sessions before they expire. */
  async rejectAccessTokens(): Promise<void> {
    for (const session of new Set(this.#byToken.values())) session.rejected.add((await session.current).accessToken);
  }

  /** Ends a session, as its revocation endpoint does. */
  revoke(token: string): void {
    const session = this.#byToken.get(token);
    if (session) session.isOver = true;
  }

  endById(id: string): void {
    for (const session of this.#byToken.values()) if (session.id === id) session.isOver = true;
  }

  async #issue(sessionId: string): Promise<Issued> {
    const { accessTokenMs: lifetimeMs, accessTokenBytes: bytes, refreshTokenBytes } = this.behaviour;
    return { sessionId, accessToken: await this.#tokens.accessToken({ issuer: this.#issuer(), sessionId, lifetimeMs, bytes }), refreshToken: this.#tokens.refreshToken(refreshTokenBytes) };
  }

  async #index(session: Session): Promise<Issued> {
    const issued = await session.current;
    this.#byToken.set(issued.accessToken, session);
    this.#byToken.set(issued.refreshToken, session);
    return issued;
  }
}
