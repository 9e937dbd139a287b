import type { ApiCall } from 'unexpired/testing';

/** A request as the page shows it. Tokens are numbered in the order in which the API first saw them. */
export interface CallSummary extends Pick<ApiCall, 'endpoint' | 'method' | 'path' | 'at' | 'status'> {
  readonly id: number;
  readonly errorCode: number | null;
  readonly botId: string | null;
  /** The access token's number; `app` for the App Key. */
  readonly token: number | 'app' | null;
  /** The refresh token's number, if the request is a refresh. */
  readonly refreshToken: number | null;
  /** How long ago its token had expired, ms. */
  readonly expiredByMs: number | null;
  /** The body, unless it may hold a token. */
  readonly body: string | null;
}

/** Numbers raw tokens, because a token must not be shown. */
class TokenNumbers {
  readonly #numbers = new Map<string, number>();

  of(raw: string | undefined): number | null {
    if (raw === undefined) return null;
    const number = this.#numbers.get(raw) ?? this.#numbers.size + 1;
    this.#numbers.set(raw, number);
    return number;
  }
}

/** Summarises an API's calls; a token keeps its number. */
export function createSummaries(): (calls: readonly ApiCall[]) => CallSummary[] {
  const accessTokens = new TokenNumbers();
  const refreshTokens = new TokenNumbers();
  return (calls) =>
    calls.map((call, index) => ({
      id: index + 1,
      endpoint: call.endpoint,
      method: call.method,
      path: call.path,
      at: call.at,
      status: call.status,
      errorCode: call.errorCode ?? null,
      botId: call.botId ?? null,
      token: call.applicationOnly ? 'app' : accessTokens.of(call.accessToken),
      refreshToken: refreshTokens.of(call.refreshToken),
      expiredByMs: call.expiredByMs ?? null,
      body: call.endpoint === 'myPosts' || call.endpoint === 'post' ? (call.body ?? null) : null,
    }));
}
