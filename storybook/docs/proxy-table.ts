import type { Evidence } from './obligations.ts';

/** A part of a request or an answer, and what the proxy does with it. */
export interface ProxyRule {
  readonly part: string;
  readonly happens: string;
  readonly shownBy: readonly Evidence[];
}

const cited = (file: string) => (...claims: readonly string[]): readonly Evidence[] => claims.map((claim) => ({ claim, file: `test/server/proxy/${file}.test.ts` }));
const bodies = cited('bodies');
const headers = cited('headers');
const limits = cited('limits');
const pages = cited('pages');
const paths = cited('paths');
const sessions = cited('sessions');
const smuggling = cited('smuggling');
const upstreams = cited('upstreams');

export const PROXY_RULES: readonly ProxyRule[] = [
  { part: 'The method, the query and the body', happens: 'They pass unchanged. The body is streamed, with its `Content-Length` if it has one.', shownBy: sessions('proxy-token') },
  {
    part: 'The path',
    happens: 'It continues that of `to`. 400 if it has `//`, a backslash, a lone `%`, an encoded `.`, `/`, `\\` or control character, or a segment of dots. The host of the request is not used.',
    shownBy: paths('proxy-paths'),
  },
  {
    part: 'Headers of the request',
    happens: 'They pass, without `cookie`, `authorization`, `x-session`, `x-csrf`, `origin`, `referer`, `sec-*`, `host`, `forwarded`, `x-forwarded-*` and others that name an address, `x-http-method-override` and others that change the path or the method, `accept-encoding`, and the headers of the connection, also those that `Connection` names. The access token, `accept-encoding: identity` and `via` are added.',
    shownBy: headers('proxy-request-headers'),
  },
  {
    part: 'Headers of the answer',
    happens: 'They pass, without `set-cookie`, `access-control-*`, `alt-svc`, `clear-site-data`, `strict-transport-security`, `content-security-policy`, `refresh`, `service-worker-allowed`, `x-accel-*`, `x-sendfile`, a challenge that asks for a password, and the headers of the connection. `content-security-policy: sandbox` and `x-content-type-options: nosniff` are added, so that an answer of the API runs no script in your origin.',
    shownBy: headers('proxy-answer-headers'),
  },
  { part: 'Caching', happens: 'Each answer has `cache-control: private, no-store` and `vary: cookie`, so no cache gives the answer of one user to another.', shownBy: headers('proxy-no-cache') },
  {
    part: 'Compression',
    happens: 'The proxy asks the API for none, because `fetch` decompresses what arrives. If the API sends gzip, deflate or br in spite of that, the browser gets the plain body, without `content-encoding` and `content-length`. Any other coding gets 502. Your server or its CDN may compress the answer.',
    shownBy: headers('proxy-compression'),
  },
  { part: 'Redirects', happens: 'They are passed on, and never followed with the token. A `location` below `to` becomes one of your server. Any other one is made absolute.', shownBy: headers('proxy-redirects') },
  { part: 'Server-Sent Events', happens: 'They pass unbuffered. The stream ends with its session, also if another instance ends it.', shownBy: upstreams('proxy-events', 'proxy-events-end') },
  { part: 'WebSockets and other upgrades', happens: '501 `upgrade_not_supported`, with a `message` that says what to do. Another `Upgrade`, such as `h2c`, is ignored.', shownBy: smuggling('proxy-upgrade') },
  { part: 'Trailers', happens: 'They are dropped, because `fetch` has none.', shownBy: smuggling('proxy-smuggling') },
  { part: 'The end of a request', happens: 'If the browser closes the connection, the request to the API is aborted. A body that stops halfway is never completed.', shownBy: bodies('proxy-abort') },
];

export const PROXY_REFUSALS: readonly ProxyRule[] = [
  { part: '401 `signed_out`, `session_ended`', happens: 'The cookie names no session that goes on.', shownBy: sessions('proxy-token') },
  { part: '401 `session_changed`', happens: '`x-session` names another session than the cookie: another user has signed in since the page was loaded. Nothing is sent.', shownBy: sessions('proxy-session-binding') },
  { part: '401 `body_not_replayed`', happens: 'The API rejected the token of a body above 64 KiB, which was streamed. The token is refreshed, so send the request again. `auth.fetch` of the page does that itself, unless the body is a stream. A smaller body is replayed.', shownBy: [...bodies('proxy-no-replay', 'proxy-replay'), ...pages('proxy-page-replays')] },
  { part: '403 `cross_site_request`', happens: 'Another site may have made the request.', shownBy: sessions('proxy-cross-site') },
  { part: '400, 404, 405', happens: 'The path, the length or the method is not one that passes. `OPTIONS` never passes, so other origins get no permission.', shownBy: smuggling('proxy-smuggling') },
  { part: '408 `request_timeout`, 413 `body_too_large`', happens: 'The body does not arrive for `timeoutMs`, or it is longer than `maxBodyBytes`.', shownBy: bodies('proxy-body-limit') },
  { part: '429 `too_many_requests`', happens: 'More than `maxConcurrent` requests of the session are in flight on this instance. `Retry-After` is 1.', shownBy: limits('proxy-concurrency', 'proxy-burst') },
  { part: '502 `upstream_unavailable`, `invalid_upstream_answer`', happens: 'The API gave no answer, or one that cannot be passed on. An answer that breaks off later breaks off in the browser, too.', shownBy: upstreams('proxy-hostile-upstream', 'proxy-broken-answer') },
  { part: '503 `storage_unavailable`, `refresh_unavailable`', happens: 'The store is down, or there is no token just now. `Retry-After` says when to try again.', shownBy: sessions('proxy-store-down') },
  { part: '504 `upstream_timeout`', happens: 'The headers of the answer did not arrive within `timeoutMs`. The body may take longer.', shownBy: upstreams('proxy-timeout') },
];
