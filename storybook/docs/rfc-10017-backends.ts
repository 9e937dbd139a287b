import type { Evidence, Requirement } from './obligations.ts';

const cited = (file: string) => (...claims: readonly string[]): readonly Evidence[] => claims.map((claim) => ({ claim, file: `test/${file}.test.ts` }));
const attackCookies = cited('browser/attacks/cookies');
const cookieMode = cited('engine/cookie-requests');
const forged = cited('browser/attacks/forged-requests');
const handler = cited('server/handler');
const limits = cited('server/proxy/limits');
const limitsOfSessions = cited('server/session-limits');
const oauth2 = cited('unit/protocols/oauth2');
const outages = cited('server/outages');
const page = cited('engine/via-server-page');
const pageRequests = cited('server/page-requests');
const pageTokens = cited('server/page-tokens');
const paths = cited('server/proxy/paths');
const proxied = cited('server/proxy/sessions');
const proxyHeaders = cited('server/proxy/headers');
const recipe = cited('servers/sessions');
const refresh = cited('server/refresh');
const secrets = cited('server/secrets');
const sessionCheck = cited('server/session-check');
const signIn = cited('server/sign-in');
const signOut = cited('server/sign-out');
const viaServer = cited('engine/via-server');

const CONFIDENTIAL = '`parameters: { client_secret }` of `oauth2` authenticates each refresh and revocation. The app redeems the code, and authenticates there, too.';
const CODE = 'The recipe for sign-in on a server uses both. A callback that another browser has started is refused.';

/** RFC 10017 section 6.1: a backend for frontend. `viaServer()`, `sessions.handler` and `sessions.proxy`. */
export const BFF_REQUIREMENTS: readonly Requirement[] = [
  {
    section: '6.1.2.1',
    requirement: 'An endpoint says whether there is a session. It may name the user.',
    met: '`GET /auth/session`, and `POST /auth/session` for the client: one request over all tabs.',
    shownBy: [...handler('server-session-endpoint'), ...sessionCheck('server-public-name'), ...viaServer('session-of-the-server-restored')],
  },
  { section: '6.1.2.1', requirement: 'One endpoint leads the browser to the authorization server, and another one receives the code.', met: 'Two routes of your app, as in the recipe.', shownBy: recipe('server-sign-in-by-code') },
  { section: '6.1.2.1', requirement: 'An endpoint signs out.', met: '`POST /auth/sign-out` ends the session for all instances, and revokes the tokens.', shownBy: signOut('server-sign-out-is-final', 'server-end-all') },
  { section: '6.1.2.2', requirement: 'The backend refreshes when the access token has expired, or before, with client authentication.', met: `There is one refresh over all instances. ${CONFIDENTIAL}`, shownBy: [...refresh('server-one-refresh'), ...oauth2('server-client-authenticates')] },
  { section: '6.1.2.2', requirement: 'The session lives as long as the refresh token.', met: 'Set `maxSessionMs` to that, so that `endReason` is `expired`, or `absoluteMs`. An end that the provider states counts by itself. If the authorization server refuses the refresh token before, the session ends, too.', shownBy: [...signIn('server-absolute-end'), ...limitsOfSessions('server-session-end')] },
  { section: '6.1.2.2', requirement: 'The session ends when the refresh token is not valid any more.', met: 'It ends for all instances, with a reason.', shownBy: outages('server-refused-401') },
  { section: '6.1.2.3', requirement: 'The session is on the server and can be revoked, or it is signed in the cookie.', met: 'It is in the store. The cookie has a random id only. `endAll` revokes all sessions of a user.', shownBy: [...signIn('server-cookie'), ...secrets('server-rows-are-encrypted')] },
  { section: '6.1.3.1', requirement: 'The backend must be a confidential client.', met: CONFIDENTIAL, shownBy: oauth2('server-client-authenticates') },
  { section: '6.1.3.1', requirement: 'The backend must use the authorization code grant, with PKCE.', met: CODE, shownBy: recipe('server-sign-in-by-code', 'server-forged-callback-refused') },
  { section: '6.1.3.2', requirement: 'The cookie must be `Secure` and `HttpOnly`.', met: 'It is, unless you set `secure: false` for development.', shownBy: signIn('server-cookie') },
  { section: '6.1.3.2', requirement: 'The cookie should be `SameSite=Strict`, with the path `/` and without `Domain`.', met: 'It is. `sameSite: "Lax"` is for servers that render pages.', shownBy: signIn('server-cookie') },
  { section: '6.1.3.2', requirement: 'The name of the cookie should begin with `__Host`, against subdomains that set it.', met: 'It does. A subdomain can set no session, in any spelling.', shownBy: attackCookies('attack-cookie-tossing', 'attack-session-fixation') },
  { section: '6.1.3.2', requirement: 'Tokens in a cookie should be encrypted.', met: 'No token is in the cookie. Those in the store are encrypted.', shownBy: secrets('server-rows-are-encrypted') },
  { section: '6.1.3.3', requirement: 'The backend must defend against forged requests.', met: 'By the cookie, `Sec-Fetch-Site`, `Origin` and a header. Attacks from another site and another subdomain run in Chromium.', shownBy: [...forged('attack-forged-requests', 'attack-forged-forms', 'attack-navigation'), ...handler('server-cross-site-refused')] },
  { section: '6.1.3.3.1', requirement: '`SameSite` is not enough if other apps are on the same site.', met: 'A request of another subdomain is refused, although the browser sends the cookie with it.', shownBy: forged('attack-forged-requests') },
  { section: '6.1.3.3.2', requirement: 'The backend should demand a static header, and then of every request.', met: '`x-csrf: 1` or `x-session`, for each `POST` of the handler and each request of the proxy. Only a `GET` or `HEAD` needs none if the browser states `Sec-Fetch-Site: same-origin`.', shownBy: [...pageRequests('server-page-header'), ...proxied('proxy-cross-site')] },
  { section: '6.1.3.3.3', requirement: 'A double-submit cookie may be used in its place.', met: 'It is not necessary.', shownBy: pageRequests('server-page-header') },
  { section: '6.1.3.6', requirement: 'The backend must forward requests only to hosts and paths on a list.', met: '`proxy` lists them. The host and the path of a request cannot leave them.', shownBy: paths('proxy-paths', 'proxy-fixed-hosts') },
  { section: '6.1.3.6', requirement: 'The methods may be restricted for each endpoint.', met: '`methods` of a route.', shownBy: proxied('proxy-methods') },
  { section: '6.1.1', requirement: 'The backend removes the cookie and adds the access token.', met: 'It does, and removes an `Authorization` of the page. The answer has no cookie of the API.', shownBy: [...proxied('proxy-token'), ...proxyHeaders('proxy-request-headers', 'proxy-answer-headers')] },
  { section: '6.1.4.2', requirement: 'No token is exposed to the page.', met: 'No answer, storage, message or request of the page has a token.', shownBy: viaServer('no-token-in-the-page') },
  { section: '6.1.3.7', requirement: 'Consider key-based client authentication and sender-constrained tokens.', met: 'With `dpop` of `oauth2`, each session has a key in its encrypted row. A client proves itself by a secret; there is no `private_key_jwt`.', shownBy: [{ claim: 'server-key-for-all-instances', file: 'test/server/dpop.test.ts' }] },
  { section: '6.1.3.4, 6.1.3.5', requirement: 'Consider privacy, and the limits of the API for one address.', met: 'The proxy limits the requests of a session on an instance, and names no address of the browser to the API. The rest is a matter of your deployment.', shownBy: [...proxyHeaders('proxy-request-headers'), ...limits('proxy-concurrency')] },
];

/** RFC 10017 section 6.2: a token-mediating backend. `viaServer({ tokens: 'page' })` and `createSessions({ tokens: 'page' })`. */
export const MEDIATING_REQUIREMENTS: readonly Requirement[] = [
  { section: '6.2.2.1', requirement: 'The endpoint of the session gives the page the access token.', met: '`POST /auth/token`, and the answer to a sign-in.', shownBy: pageTokens('server-page-token') },
  { section: '6.2.2.1', requirement: 'Endpoints begin and end the code flow, and sign out.', met: 'As in the table above. A sign-out of a page that shows a former session ends nothing.', shownBy: [...recipe('server-sign-in-by-code'), ...pageTokens('server-sign-out-of-former-session')] },
  { section: '6.2.2.2', requirement: 'If the API rejects the access token, the page asks the backend for another one, which refreshes with client authentication.', met: 'The page names the token that it has. 20 tabs at two instances cost one refresh, and a late tab costs none.', shownBy: [...pageTokens('server-page-token-one-refresh'), ...oauth2('server-client-authenticates')] },
  { section: '6.2.2.2', requirement: 'The session ends with its refresh token.', met: 'It ends for all instances and pages, with a reason.', shownBy: outages('server-refused-401') },
  { section: '6.2.2.3', requirement: 'A page that asks for fewer scopes should not get a token with more.', met: 'A session has one access token, with the scopes of the sign-in. A page cannot ask for fewer.', shownBy: 'not yet' },
  { section: '6.2.3.1', requirement: 'The backend must be a confidential client.', met: CONFIDENTIAL, shownBy: oauth2('server-client-authenticates') },
  { section: '6.2.3.1', requirement: 'The backend must use the authorization code grant, with PKCE.', met: CODE, shownBy: recipe('server-sign-in-by-code', 'server-forged-callback-refused') },
  { section: '6.2.3.2', requirement: 'The cookie is protected as that of a backend for frontend.', met: 'It is the same cookie.', shownBy: signIn('server-cookie') },
  { section: '6.2.3.3', requirement: 'The endpoints that give access tokens must defend against forged requests.', met: 'They need `POST`, the same origin and a header. No answer has a CORS header.', shownBy: [...pageRequests('server-page-header'), ...forged('attack-forged-requests')] },
  { section: '6.2.3.4', requirement: 'Consider key-based client authentication.', met: 'A client secret only.', shownBy: 'not yet' },
  { section: '6.2.4.2', requirement: 'The refresh token is not exposed to the page.', met: 'No answer has it.', shownBy: [...page('mediated-no-refresh-token'), ...pageTokens('server-page-token')] },
  { section: '6.2.4.3.1', requirement: 'The page needs no persistent storage for the access token.', met: 'It is in the memory of each page.', shownBy: page('mediated-token-in-memory') },
  { section: '6.2.4.3.2', requirement: 'Sender-constrained tokens are out of scope in this form.', met: 'There are none.', shownBy: 'not yet' },
];

/** The requirements for backends that a refresh token in an HttpOnly cookie has to meet, too. */
export const COOKIE_REQUIREMENTS: readonly Requirement[] = [
  { section: '6.1.3.3.2', requirement: 'Each request with the cookie has a static header.', met: 'Each token request of the client has it.', shownBy: cookieMode('cookie-requests-have-an-anti-csrf-header') },
];
