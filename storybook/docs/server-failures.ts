import type { Evidence } from './obligations.ts';

/** A failure, and what an app with sessions on a server then sees. */
export interface ServerFailure {
  readonly failure: string;
  readonly happens: string;
  /** The answer, as `errorResponse` makes it. */
  readonly appSees: string;
  readonly shownBy: readonly Evidence[];
}

const cited = (file: string) => (...claims: readonly string[]): readonly Evidence[] => claims.map((claim) => ({ claim, file: `test/server/${file}.test.ts` }));
const backChannel = cited('back-channel-logout');
const events = cited('session-events');
const faults = cited('lost-writes');
const handler = cited('handler');
const leases = cited('leases');
const outages = cited('outages');
const pauses = cited('pauses');
const refresh = cited('refresh');
const secrets = cited('secrets');
const signIn = cited('sign-in');
const signOut = cited('sign-out');

const API = 'The answer of the API';

export const STORE_FAILURES: readonly ServerFailure[] = [
  {
    failure: 'It is down.',
    happens: 'No instance uses a session, because a sign-out may have ended it. No instance refreshes. When the store is back, the sessions go on.',
    appSees: '503 `storage_unavailable`, with `Retry-After`',
    shownBy: outages('server-store-down'),
  },
  {
    failure: 'It is down, and `staleMs` is set.',
    happens: 'For that time, an instance uses each session that it has read before. No instance refreshes.',
    appSees: `${API}. Once the access token has expired, 503 \`refresh_unavailable\`. After \`staleMs\`, 503 \`storage_unavailable\`.`,
    shownBy: outages('server-stale'),
  },
  { failure: 'It does not answer.', happens: 'The request waits for 5 s.', appSees: '503 `storage_unavailable`', shownBy: outages('server-store-slow') },
  {
    failure: 'It fails while new tokens are on the way.',
    happens: 'The instance that has refreshed uses the new tokens, and stores them when the store is back.',
    appSees: API,
    shownBy: outages('server-tokens-kept'),
  },
  {
    failure: 'It has lost a session: evicted, or restarted without its data.',
    happens: 'The session is over. No instance writes it again. The other sessions go on.',
    appSees: '401 `signed_out`',
    shownBy: [...faults('server-evicted-row'), ...outages('server-missing-row')],
  },
  {
    failure: 'A failover has lost the write of new tokens.',
    happens: 'If the next request reaches the instance that has refreshed, that instance stores its tokens again. Any other instance sends a refresh token that the API has already replaced. An API with a grace period accepts it.',
    appSees: `${API}. Without a grace period: 401 \`session_ended\`, \`refresh_token_invalid\`.`,
    shownBy: faults('server-failover-written-back', 'server-failover-with-grace', 'server-failover-ends-a-session'),
  },
  {
    failure: 'A failover has lost a sign-out.',
    happens: 'The cookie from before works again until the access token expires. The sign-out has revoked the refresh token, so the session then ends.',
    appSees: `${API}, then 401 \`session_ended\``,
    shownBy: faults('server-failover-loses-a-sign-out'),
  },
  {
    failure: 'It is full: it reads, and refuses to write.',
    happens: 'Good tokens are used. No instance refreshes, and no user can sign in.',
    appSees: `${API}. Once the access token has expired, 503 \`refresh_unavailable\`. A sign-in: 503 \`storage_unavailable\`.`,
    shownBy: faults('server-full-store'),
  },
];

export const INSTANCE_FAILURES: readonly ServerFailure[] = [
  {
    failure: 'It is killed before it sends a refresh.',
    happens: 'Its lease ends after 7 s. Then another instance refreshes.',
    appSees: `${API}, at most 8 s later`,
    shownBy: leases('server-killed-before-the-refresh'),
  },
  {
    failure: 'It is killed before it has stored the answer to a refresh.',
    happens: 'When the lease is over, another instance sends the same refresh token once more. An API with a grace period accepts it.',
    appSees: `${API}. Without a grace period: 401 \`session_ended\`, \`rotation_lost\`.`,
    shownBy: leases('server-killed-with-grace', 'server-killed-with-the-answer'),
  },
  {
    failure: 'It is paused before it sends a refresh, for longer than its lease.',
    happens: 'Another instance refreshes. The paused one sends nothing afterwards. Its next request has the new token.',
    appSees: `${API}. The request that was held: 503 \`refresh_unavailable\`.`,
    shownBy: pauses('server-paused-before-the-refresh'),
  },
  {
    failure: 'It is paused while the answer to a refresh is on the way.',
    happens: 'The same as if it is killed there.',
    appSees: `${API}. Without a grace period: 401 \`session_ended\`.`,
    shownBy: pauses('server-paused-with-grace', 'server-paused-with-the-answer'),
  },
  { failure: 'It is killed or paused after it has stored the answer.', happens: 'The other instances use the new tokens.', appSees: API, shownBy: pauses('server-paused-after-the-refresh') },
  {
    failure: 'Its clock is wrong by 10 min.',
    happens: 'It follows the clock of the store. It sends no expired token, and causes no further refresh.',
    appSees: API,
    shownBy: leases('server-clocks-apart'),
  },
  {
    failure: 'It finds a session that a newer version of this package has written.',
    happens: 'It leaves the session as it is. The instances with the newer version go on.',
    appSees: '503 `storage_unavailable`',
    shownBy: secrets('server-newer-record'),
  },
  {
    failure: 'It lacks the secret that has encrypted a session.',
    happens: 'It leaves the session as it is. The message names `secrets`.',
    appSees: '503 `storage_unavailable`',
    shownBy: secrets('server-secret-missing'),
  },
];

export const API_FAILURES: readonly ServerFailure[] = [
  { failure: 'The token endpoint is down, and the access token is still good.', happens: 'The access token is used.', appSees: API, shownBy: outages('server-good-token-in-an-outage') },
  {
    failure: 'The token endpoint is down for a moment, and the access token has expired.',
    happens: 'The request waits, and a retry gets the tokens.',
    appSees: `${API}, after the wait`,
    shownBy: outages('server-waits-for-the-retry'),
  },
  {
    failure: 'The token endpoint stays down.',
    happens: 'A request waits for 10 s at most. All instances together keep to one backoff, and to the `Retry-After` of the API. The session stays.',
    appSees: '503 `refresh_unavailable`, with `Retry-After`',
    shownBy: outages('server-outage-503', 'server-one-backoff'),
  },
  { failure: 'A refresh takes long.', happens: 'Its instance extends the lease. No other instance refreshes.', appSees: `${API}, or 503 \`refresh_unavailable\` after 10 s`, shownBy: leases('server-lease-extended') },
  {
    failure: 'The API rejects an access token that has not expired.',
    happens: 'There is one refresh for all rejected requests of all instances. Then each request is sent once more.',
    appSees: API,
    shownBy: refresh('server-one-refresh-for-rejections'),
  },
  {
    failure: 'The API rejects the access token of a request, and another instance has refreshed meanwhile.',
    happens: 'The request is sent once more with the newer token. There is no refresh.',
    appSees: API,
    shownBy: pauses('server-straggler'),
  },
  {
    failure: 'The API refuses the refresh token.',
    happens: 'The session ends, for all instances.',
    appSees: '401 `session_ended`, with `endReason`',
    shownBy: outages('server-refused-401'),
  },
];

export const REQUEST_FAILURES: readonly ServerFailure[] = [
  {
    failure: 'A user signs out while a refresh is in flight.',
    happens: 'The sign-out does not wait, and it wins. The late tokens are not stored, and they are revoked.',
    appSees: 'The request that waited: 401 `session_changed`',
    shownBy: signOut('server-sign-out-during-a-refresh'),
  },
  { failure: 'A request has the cookie from before a sign-out.', happens: 'No instance has the session any more.', appSees: '401 `signed_out`', shownBy: signOut('server-sign-out-is-final') },
  {
    failure: 'The store is down while a user signs out.',
    happens: 'The session stays, and the cookie, too. A second sign-out ends it.',
    appSees: '503 `storage_unavailable`',
    shownBy: signOut('server-sign-out-without-the-store'),
  },
  {
    failure: 'A cookie is forged, truncated or 64 kB long.',
    happens: 'A cookie of another shape is not looked up. One of the right shape is found in no store.',
    appSees: '401 `signed_out`',
    shownBy: signIn('server-forged-cookie', 'server-forged-cookie-not-looked-up'),
  },
  {
    failure: 'A session ends while its page watches `/auth/events` on another instance.',
    happens: 'The page gets the end within a second, and the connection ends. If the message of the store is lost, that takes 20 s at most.',
    appSees: 'An event with `signedOut` and `endReason`',
    shownBy: events('server-events', 'server-events-end'),
  },
  {
    failure: 'A user is away for longer than `idle.timeoutMs`.',
    happens: 'The session ends for all instances, and its tokens are revoked by the next request that reads it. Requests on any instance count as activity, and refreshes do not.',
    appSees: '401 `signed_out` with `endReason: "idle"`',
    shownBy: cited('session-limits')('server-idle-limit', 'server-activity'),
  },
  {
    failure: 'A page watches `/auth/events` for days, or its browser goes away.',
    happens: 'The connection does not let the session live longer, and starts no refresh. The instance releases what it holds for the connection.',
    appSees: 'An event with `signedOut` at the end of `idleMs`',
    shownBy: events('server-events-idle', 'server-events-released'),
  },
  {
    failure: 'The provider signs a user out (back-channel logout).',
    happens: 'All sessions of that user end, for all instances. If the token names a session of the provider (`sid`), only its sessions end.',
    appSees: '200. An open page gets an event, and any other request 401 `signed_out`',
    shownBy: [...backChannel('server-back-channel-logout'), ...cited('provider-sessions')('server-back-channel-logout-by-sid'), { claim: 'server-back-channel-logout-sid-recipe', file: 'test/servers/back-channel-logout.test.ts' }, { claim: 'server-back-channel-logout-recipe', file: 'test/servers/back-channel-logout.test.ts' }],
  },
  {
    failure: 'A logout token is forged, or the logout fails.',
    happens: 'No session ends if the token is refused. If the store fails, some sessions may have ended.',
    appSees: '400, as the specification demands',
    shownBy: backChannel('server-back-channel-logout-refused'),
  },
  { failure: 'Another site posts to the handler.', happens: 'The handler refuses the request before it reads the session.', appSees: '403', shownBy: handler('server-cross-site-refused') },
];
