import { invalidSetting } from '../../core/model/auth-error.ts';
import type { Answer } from '../../core/model/answer.ts';
import { defineGrant, type Grant } from '../../core/model/grant.ts';
import { parseObject } from '../../core/model/json.ts';
import type { GrantOutcome } from '../../core/model/refresh-outcome.ts';
import { failureOf, readSession } from './session-answer.ts';
import { post, type ViaServerProtocol } from './via-server.ts';

/**
 * Makes the grant that signs a user in at the server: a `POST` of a JSON body to `…/sign-in`, whose answer sets the cookie.
 *
 * @param protocol the protocol that `viaServer` has made
 * @param body what `signIn` of `createSessions` reads, such as `{ user, password }`
 * @throws AuthError `invalid_config`, with the field `protocol`. `signIn` of the client rejects with `grant_refused` and the server's `apiCode`
 * if the server refuses the sign-in
 * @example
 * ```ts
 * import { createAuthClient } from 'unexpired/core';
 * import { serverSignIn, viaServer } from 'unexpired/via-server';
 * const protocol = viaServer();
 * const auth = createAuthClient({ protocol });
 * const signIn = (user: string, password: string) => auth.signIn(serverSignIn(protocol, { user, password }));
 * ```
 */
export function serverSignIn(protocol: ViaServerProtocol, body: object = {}): Grant {
  const { basePath, accessToken } = protocol ?? {};
  if (typeof basePath !== 'string') throw invalidSetting('protocol', protocol, 'protocol via a server');
  const path = `${basePath}/sign-in`;
  const hasToken = accessToken === 'memory';
  return defineGrant({
    request: post(path, body),
    read(answer) {
      const outcome = readSession(answer, path, hasToken);
      return outcome.kind === 'granted' ? { kind: 'granted', tokens: { user: outcome.tokens } } : refusalOf(answer, path, hasToken);
    },
  });
}

/** Reads a refusal. The server's own `apiCode` says more than the code of its error. */
function refusalOf(answer: Answer, path: string, hasToken: boolean): GrantOutcome {
  const failure = failureOf(answer, path, hasToken);
  if (answer.status === 200) return readSession(answer, path, hasToken) as GrantOutcome;
  const { error, apiCode = error } = parseObject(answer.body) ?? {};
  if (failure.kind === 'final') return { kind: 'refused', apiCode: `${apiCode}`, ...(failure.reason !== 'refresh_token_invalid' && { endReason: failure.reason }) };
  const isRefused = answer.status >= 400 && answer.status < 404 && failure.kind === 'transient' && !failure.wrongEndpoint && typeof apiCode === 'string';
  return isRefused ? { kind: 'refused', apiCode } : failure;
}
