import type { Answer } from '../../core/model/answer.ts';
import { asObject, parseObject, type JsonObject } from '../../core/model/json.ts';
import { classifyFailure, invalidResponse, type EndReason, type RefreshFailure, type RefreshOutcome } from '../../core/model/refresh-outcome.ts';
import { isSecret } from '../../core/model/token-set.ts';
import { markWrongEndpoint } from '../wrong-endpoint.ts';

/** The reasons of a server that stay what they are. To the page, any other end is that of its refresh token, which is the cookie. */
const REASONS: readonly EndReason[] = ['rotation_lost', 'answer_unreadable', 'refresh_refused', 'expired', 'idle', 'login_required', 'password_reset_required', 'suspended', 'token_rejected'];

/**
 * Reads the answer of the server to a page that asks for its session.
 *
 * @param path the path that was asked
 * @param hasToken whether the answer has the access token
 */
export function readSession(answer: Answer, path: string, hasToken: boolean): RefreshOutcome {
  if (answer.status !== 200) return failureOf(answer, path, hasToken);
  const { session, subject, issuedAt, ends, accessToken, expiresAt = null, scopes = [], generation } = parseObject(answer.body) ?? {};
  if (!isSecret(session)) return markWrongEndpoint(invalidResponse('there is no `session`'), answer, path, settingOf(hasToken));
  const extra = { session, subject };
  const issued = typeof issuedAt === 'number' ? issuedAt : undefined;
  // The end without activity is not in the tokens, because each call moves it.
  const end = asObject(ends)?.['session'];
  const sessionExpiresAt = typeof end === 'number' ? end : undefined;
  if (!hasToken) return { kind: 'granted', tokens: { accessToken: session, expiresAt: null, scopes: [], extra, issuedAt: issued, sessionExpiresAt } };
  // The client checks these members. A tab may keep an older access token than that of the latest answer, so its expiry says whose generation this is.
  const token = { accessToken, expiresAt, scopes } as { readonly accessToken: string; readonly expiresAt: number | null; readonly scopes: readonly string[] };
  return { kind: 'granted', tokens: { ...token, extra: { ...extra, generation, expiresAt }, issuedAt: issued, sessionExpiresAt } };
}

/** Reads the refusal of a server. Only its own words end a session, because a 401 may come from a server in between. */
export function failureOf(answer: Answer, path: string, hasToken: boolean): RefreshFailure {
  const { status } = answer;
  const { error, endReason } = parseObject(answer.body) ?? {};
  if (status === 401 && typeof error === 'string') return { kind: 'final', reason: REASONS.find((known) => known === endReason) ?? 'refresh_token_invalid' };
  if (status === 403 && error === 'cross_site_request') {
    return { kind: 'misconfigured', detail: `The server takes \`${path}\` as a request of another site. The page and the server must have the same origin, and a proxy in between must keep \`Host\`.` };
  }
  const failure = classifyFailure(answer);
  if (status === 401) return { ...failure, wrongEndpoint: true, detail: `\`${path}\` answered 401, but not as \`unexpired/server\` does: check \`basePath\`.` } as RefreshFailure;
  return markWrongEndpoint(failure, answer, path, settingOf(hasToken)) as RefreshFailure;
}

/** The settings that lead to a wrong path. */
function settingOf(hasToken: boolean): string {
  return hasToken ? 'basePath`, and `tokens: "page"` of `createSessions' : 'basePath';
}

/** Returns the generation of the access token that a tab has; `null` if it has none. */
export function generationOf(accessToken: string, expiresAt: number | null, extra: JsonObject = {}): number | null {
  const { generation, expiresAt: latest } = extra;
  if (accessToken === '' || typeof generation !== 'number') return null;
  return expiresAt === latest ? generation : generation - 1;
}
