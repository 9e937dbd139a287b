import type { AuthClient, FetchOptions } from '../core/auth-client.ts';
import { inspectorOf } from '../core/inspector.ts';
import { invalidConfig, tokenOnServer } from '../core/model/auth-error.ts';
import { httpUrl } from '../core/model/http-url.ts';
import type { AccessTokenOptions } from '../core/request/access-token.ts';
import type { InterceptorEntry } from '../core/request/interceptors.ts';
import { checkedApis, checkRequests, type ApiParameters } from './api-parameters.ts';
import { createApiSession, type ApiSession } from './api-session.ts';

/** A client whose calls to several APIs have the access token of each API. */
export interface ApisClient<Origin extends string = string> extends AuthClient {
  /**
   * Resolves to an access token that can be used now: that of the session, or with `api` that of another API.
   *
   * @throws AuthError as the member of `AuthClient`; `grant_refused` if the authorization server gives no token for the API, with its code as
   * `apiCode`; `invalid_config`, with the field `api`
   */
  readonly getAccessToken: (options?: AccessTokenOptions & { readonly api?: Origin | undefined }) => Promise<string>;
}

/**
 * Lets a client call several APIs, each with an access token of its own. All of them come from the one refresh token of the session.
 *
 * `fetch` picks the access token by the origin of the call. A token is requested when the first call needs it, refreshed before it expires while
 * it is used, and shared by all tabs. If an API rejects its token, that token is refreshed, and the call is sent once more. All
 * refreshes of a session are made one after the other.
 *
 * @param client the client, whose protocol sends token requests as forms, as `oauth2` does. Use the client that is returned in its place
 * @param apis the parameters of each further API, by its origin
 * @returns the client with all its members
 * @throws AuthError `invalid_config` naming the field; `misconfigured` if a server keeps the access tokens
 * @see RFC 8707 (resource indicators), RFC 6749 section 6 (scope of a refresh)
 * @example
 * ```ts
 * import { withApis } from 'unexpired/apis';
 * import { createAuthClient } from 'unexpired/core';
 * import { oauth2 } from 'unexpired/oauth2';
 * const protocol = oauth2({ tokenEndpoint: 'https://id.example.com/oauth/token', clientId: 'my-app', resourceOrigins: ['https://api.example.com'] });
 * export const auth = withApis(createAuthClient({ protocol }), {
 *   'https://files.example.com': { resource: 'https://files.example.com/' },
 *   'https://mail.example.com': { audience: 'mail', scope: 'mail.read' },
 * });
 * const file = await auth.fetch('https://files.example.com/report.pdf');
 * ```
 */
export function withApis<Origin extends string>(client: AuthClient, apis: Readonly<Record<Origin, ApiParameters>>): ApisClient<Origin> {
  const { door } = inspectorOf(client);
  const { accessToken, origins, protocol, start, store } = door;
  if (accessToken === 'server') throw tokenOnServer();
  const checked = checkedApis(apis);
  checkRequests(protocol);
  const sessions = new Map<string, ApiSession>(checked.map((api) => [api.origin, createApiSession(door, api)]));
  store.subscribe(() => sessions.forEach(({ follow }) => follow()));
  const added = new Set<InterceptorEntry>();

  const sessionAt = (address: string) => sessions.get(httpUrl(address)?.origin ?? '');

  const fetchWith = (entries: readonly InterceptorEntry[], options: FetchOptions = {}): typeof globalThis.fetch => {
    const own = client.fetchWith(entries, options);
    return {
      fetch(input: RequestInfo | URL, ...[init]: [init?: RequestInit]) {
        try {
          const target = typeof input === 'object' && 'url' in input ? input : origins.resolve(`${input}`);
          const session = input === undefined ? undefined : sessionAt(typeof target === 'string' ? target : target.url);
          if (!session) return own(input, init);
          start();
          return session.send(target, init, [...added, ...entries], options.session === 'optional');
        } catch (error) {
          return Promise.reject(error); // As `fetch`, it never throws.
        }
      },
    }.fetch;
  };

  return {
    ...client,
    fetch: fetchWith([]),
    fetchWith,
    intercept(entry) {
      const remove = client.intercept(entry);
      const copy = typeof entry === 'function' ? { interceptor: entry } : { ...entry };
      added.add(copy);
      return () => {
        remove();
        added.delete(copy);
      };
    },
    async getAccessToken({ api, ...options } = {}) {
      if (api === undefined) return client.getAccessToken(options);
      const session = sessionAt(api);
      if (!session) throw invalidConfig('api', `must be one of ${[...sessions.keys()].join(', ')}`);
      start();
      return session.getAccessToken(options);
    },
  };
}
