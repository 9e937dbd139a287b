import type { ApiCall } from 'unexpired/testing';

/** One request as the panel shows it: tokens are numbers here, in the order in which they were first seen. */
export interface CallSummary extends Pick<ApiCall, 'endpoint' | 'method' | 'path' | 'at' | 'status'> {
  readonly id: number;
  readonly errorCode: number | null;
  readonly botId: string | null;
  /** Which access token it carried; `app` for the App Key. */
  readonly token: number | 'app' | null;
  /** At a refresh: which refresh token. */
  readonly refreshToken: number | null;
  /** For how long its token had been expired, ms. */
  readonly expiredByMs: number | null;
  /** What was sent, unless it may hold a token. */
  readonly body: string | null;
}

/** Numbers raw tokens, so that they can be told apart without showing any of them. */
class TokenNumbers {
  readonly #numbers = new Map<string, number>();

  of(raw: string | undefined): number | null {
    if (raw === undefined) return null;
    const number = this.#numbers.get(raw) ?? this.#numbers.size + 1;
    this.#numbers.set(raw, number);
    return number;
  }
}

/** Writes summaries of an API's calls. */
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
