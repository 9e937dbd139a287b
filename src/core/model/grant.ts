import { endpointHint } from '#words';
import type { UnreadableAnswer } from './answer-class.ts';
import type { Answer } from './answer.ts';
import { AuthError, invalidSetting, unavailable } from './auth-error.ts';
import { httpUrl } from './http-url.ts';
import type { Origins } from './origins.ts';
import type { Protocol, TokenRequest } from './protocol.ts';
import type { GrantOutcome, GrantRefusal, RefreshFailure } from './refresh-outcome.ts';
import type { ReceiptFacts } from './token-life.ts';
import type { TokenSet } from './token-set.ts';

/**
 * A way to get tokens, as data: the request, and how to read the answer.
 *
 * @see RFC 6749 section 1.3
 */
export interface GrantDefinition {
  readonly request: TokenRequest;
  readonly read: (answer: Answer) => GrantOutcome;
}

/** A grant that `signIn` takes. `defineGrant` makes it. It brings its own code, so an app without grants loads none. */
export interface Grant extends GrantDefinition {
  /**
   * Sends the grant for `signIn`, and resolves to its only token set.
   *
   * @internal
   */
  readonly obtain: (door: GrantDoor) => Promise<{ readonly tokens: TokenSet; readonly facts: ReceiptFacts }>;
}

/** The parts of a client that a grant needs. */
export interface GrantDoor {
  readonly protocol: Pick<Protocol, 'tokenEndpoints'>;
  readonly origins: Pick<Origins, 'resolveEndpoint'>;
  /** API clock minus device clock as measured so far, ms. */
  readonly clockOffset: number;
  readonly askTokenEndpoint: (request: TokenRequest, clockOffset: number, read: (answer: Answer) => GrantOutcome) => Promise<{
    readonly outcome: GrantOutcome | RefreshFailure | UnreadableAnswer;
    readonly facts: ReceiptFacts;
  }>;
}

/**
 * Makes a grant of your own API for `signIn`. It is sent as a refresh is: with a deadline, without cookies, and only to the
 * token endpoints of the protocol.
 *
 * @param definition the request, and a function that reads the answer; the token sets are by subject
 * @throws AuthError `invalid_config`, with the field `grant`
 * @example
 * ```ts
 * import { classifyFailure, defineGrant } from 'unexpired/core';
 * const oneTimeCode = (code: string) => defineGrant({
 *   request: { url: 'https://shop.example.com/api/login', method: 'POST', headers: {}, body: JSON.stringify({ code }) },
 *   read(answer) {
 *     if (answer.status !== 200) return classifyFailure(answer);
 *     const { access, refresh } = JSON.parse(answer.body);
 *     return { kind: 'granted', tokens: { user: { accessToken: access, refreshToken: refresh, expiresAt: null, scopes: [] } } };
 *   },
 * });
 * ```
 */
export function defineGrant(definition: GrantDefinition): Grant {
  return {
    ...checked(definition),
    async obtain(door) {
      const { tokens, facts } = await sendGrant(door, definition);
      const sets = Object.values(tokens);
      const [only] = sets;
      if (!only || sets.length > 1) throw invalidSetting('grant', sets.length, 'grant of one session');
      return { tokens: only, facts };
    },
  };
}

/**
 * Sends a grant to the token endpoint.
 *
 * @returns the token sets by subject, and their time facts
 * @throws AuthError `invalid_config`, `origin_not_allowed`, `grant_refused`, `grant_unavailable`, `misconfigured`, `invalid_response`
 */
export async function sendGrant(door: GrantDoor, grant: GrantDefinition): Promise<{ readonly tokens: Readonly<Record<string, TokenSet>>; readonly facts: ReceiptFacts }> {
  const { request, read } = checked(grant);
  checkEndpoint(door, request.url);
  const { outcome, facts } = await door.askTokenEndpoint(request, door.clockOffset, read);
  if (outcome.kind === 'granted') return { tokens: outcome.tokens, facts };
  throw grantError(outcome, request, facts.answeredAt);
}

function checked(grant: GrantDefinition): GrantDefinition {
  if (typeof grant?.read !== 'function') throw invalidSetting('grant', grant);
  return grant;
}

/** Refuses an address that is neither at the origin of the base URL nor at that of a token endpoint. Calls have a list of their own. */
function checkEndpoint({ protocol: { tokenEndpoints = [] }, origins }: GrantDoor, url: string): void {
  const { origin } = new URL(origins.resolveEndpoint(url));
  if ([origins.resolveEndpoint('/'), ...tokenEndpoints].some((address) => httpUrl(address)?.origin === origin)) return;
  throw new AuthError('origin_not_allowed', `A token request must not go to ${origin}.${endpointHint}`, { field: 'tokenEndpoints' });
}

function grantError(failure: GrantRefusal | RefreshFailure | UnreadableAnswer, request: TokenRequest, now: number): AuthError {
  if (failure.kind === 'misconfigured') return new AuthError('isUnreadable' in failure ? 'invalid_response' : 'misconfigured', failure.detail);
  if (failure.kind === 'transient') {
    if (failure.cause === 'refused') return new AuthError('grant_refused', failure.detail);
    return unavailable(failure.detail, now + (failure.retryAfterMs ?? 0), failure.cause === 'invalid_response' ? failure.cause : 'grant_unavailable');
  }
  const apiCode = failure.kind === 'refused' ? safeCode(failure.apiCode, request) : null;
  const endReason = failure.kind === 'refused' ? failure.endReason ?? null : failure.reason;
  const why = apiCode ?? endReason;
  return new AuthError('grant_refused', `The API refuses the grant${why === null ? '' : ` (${why})`}.`, { apiCode, endReason });
}

/** Returns a short code without white space that repeats no value of the request, because that value could be a password. */
function safeCode(code: unknown, { url, headers, body = '' }: TokenRequest): string | null {
  if (typeof code !== 'string' || !/^[\w.:-]{1,64}$/.test(code)) return null;
  const withoutNames = [url, body, ...Object.values(headers)].join(' ').replace(/[\w.:-]+("\s*:|=)/g, ' ');
  const values = withoutNames.replace(/%3A/gi, ':').split(/[^\w.:-]+/);
  // A short value in a longer code, such as the password `wrong` in `wrong_password`, is a coincidence.
  return values.some((value) => value === code || (value.length >= 8 && code.includes(value))) ? null : code;
}
