import { httpUrl, urlOf } from './model/http-url.ts';
import { asObject, type JsonObject } from './model/json.ts';
import type { Origins } from './model/origins.ts';
import type { Protocol, RefreshCookie, TokenRequest } from './model/protocol.ts';
import type { TransientFailure } from './model/refresh-outcome.ts';
import type { Platform } from './platform/platform.ts';

/**
 * Describes a wrong setting, to complete an error message.
 *
 * An address is quoted without credentials, query and fragment, because these parts can hold a secret.
 *
 * @param value any value that is not a secret as a whole; for a secret see {@link typeGiven}
 */
export function given(value: unknown): string {
  if (typeof value === 'string') return `; it is ${JSON.stringify(withoutSecrets(value))}`;
  return value === Object(value) ? typeGiven(value) : `; it is ${String(value)}`;
}

/** If an `@` follows a `?` or `#`, either one can be part of a password, so only the scheme is left. */
function withoutSecrets(address: string): string {
  return address
    .replace(/^([a-z]+:\/\/)?.*[?#].*@.*/is, '$1…')
    .replace(/^([a-z]+:\/\/)?.*@/is, '$1…@')
    .replace(/[?#].+/s, '…');
}

/**
 * Describes a wrong value by its type only, to complete an error message.
 *
 * @param value any value, a secret included
 */
export function typeGiven(value: unknown): string {
  return `; its type is ${Array.isArray(value) ? 'array' : value === null ? value : typeof value}`;
}

/** The requirement of each setting, of each provider and of each member of a token set, by its name. A name of several words is one more requirement of the setting. */
const REQUIREMENTS: Readonly<Record<string, (value: unknown) => string>> = {
  accessToken: () => 'must be a non-empty string without spaces',
  'accessToken of a client': (value) => `must be "stored" or "memory", or left out if the protocol decides it, as \`viaServer\` does${typeGiven(value)}`,
  'accessToken on a server': () => 'The server keeps the access token, so a page gets none. Call `auth.fetch`, which sends the request through the server',
  allowedOrigins: () => 'must be an array of origins',
  apiPath: (value) => `must be the path of the proxy, without a slash at the end, such as "/api"${given(value)}`,
  'apiPath without a proxy': () => 'must be left out with `tokens: "page"`, because the page then calls the API at `baseUrl` itself',
  appKey: (value) => `must be the App Key of your app, a non-empty string in ASCII without spaces${typeGiven(value)}`,
  AuthProvider: () => 'is missing above this component; wrap the tree in one',
  AuthQueryProvider: () => 'is missing above this component; put one inside <AuthProvider>',
  baseUrl: () => 'must be an http(s) address such as "https://api.example.com/v1", or in a page a path such as "/api", without query, fragment or credentials',
  'baseUrl outside a page': (value) => `"${value}" is a path, and there is no page to resolve it against; outside a page give the whole address, such as "https://app.example.com${value}"`,
  'baseUrl as a path': (value) => `must be an absolute address at one of \`resourceOrigins\`${given(value)}`,
  'baseUrl elsewhere': (origin) => `must be at one of \`resourceOrigins\`; add "${origin}" there, or change \`baseUrl\``,
  'baseUrl behind a server': () => 'is for `tokens: "page"` only; without it the page calls the proxy of the server, whose path is `apiPath`',
  basePath: (value) => `must be the path of the server\'s handler, without a slash at the end, such as "/auth"${given(value)}`,
  bodyEncoding: (value) => `must be "form" or "json"${given(value)}`,
  botIds: (value) => `must be a non-empty array of bot ids, which are non-empty strings${given(value)}`,
  'client with a cookie': () => 'must have a protocol with `refreshToken: inCookie()`',
  'client without a hold': () => 'has no hold; call `holdCalls(client)` right after `createAuthClient`',
  'client with a hold': () => 'has a hold already; call `holdCalls` once for a client, or `dispose` of the first hold',
  'client via a server': () => 'must have a protocol that `viaServer` of unexpired/via-server has made',
  calls: (value) => `must be "all" or "chosen"${given(value)}`,
  clientId: (value) => `must be the id of your client${given(value)}`,
  csrfHeader: () => 'must be { name, value } with the name of a header and its value, or { name, cookie } with the name of a cookie that scripts can read',
  databaseName: () => 'must be a non-empty string; call `indexedDB()` to use the default',
  dpop: (value) => `must be \`dpop()\` of unexpired/dpop, or left out${given(value)}`,
  duration: (value) => `must be a number of milliseconds above 0, and at most 2147483647${given(value)}`,
  endWhen: (value) => `must be "refused" or "token_expires"${given(value)}`,
  endpoint: (value) => `must be an absolute http(s) address such as "https://id.example.com/oauth/token", without fragment or credentials${given(value)}`,
  expires_at: () => 'must be an ISO 8601 date with an offset',
  expiresAt: (value) => `must be ${Number.isFinite(value) ? 'a whole number of epoch milliseconds' : 'epoch milliseconds'}, or null if unknown`,
  extra: () => 'must be a JSON object of at most 16,384 characters, or left out',
  grant: () => 'must be a grant, such as `createBotTokens(protocol, [botId])` or `defineGrant({ request, read })`',
  'grant of one session': (value) => `must yield one token set to sign in with, not ${value}`,
  hintCookie: (value) => `must be the name of a cookie, or left out${given(value)}`,
  'idle.warnMs before the end': (value) => `must be less than \`idle.timeoutMs\`${given(value)}`,
  interceptor: () => 'must be a function, or an object with one as `interceptor`',
  isFinal: (value) => `must be a function, or left out${given(value)}`,
  isRejection: (value) => `must be a function, or left out${given(value)}`,
  'isRejection behind a server': () => 'is for `tokens: "page"` only; without it the server recognises a rejected token',
  issuedAt: optionalInstant,
  keep: (value) => `must be an array of names, such as ["id_token"]${given(value)}`,
  leadMs: () => 'must be a number of milliseconds from 0 to 2147483647',
  maxBytes: (value) => `must be a number of bytes, 0 or more, such as 1000000${given(value)}`,
  maxCalls: (value) => `must be a whole number, 1 or more${given(value)}`,
  mayReject: (value) => `must be a function, or left out${given(value)}`,
  method: (value) => `of a token request must be "POST" if the refresh token is in a cookie${given(value)}`,
  minValidityMs: () => 'must be a number of milliseconds, 0 or more',
  protocol: (config) => `must come from \`bonfire\`, \`oauth2\` or \`defineProtocol\`${protocolHint(asObject(config))}`,
  'protocol via a server': () => 'must be one that `viaServer` has made',
  refreshExpiresAt: optionalInstant,
  sessionExpiresAt: optionalInstant,
  refreshToken: () => 'must be a non-empty string without spaces, or left out',
  'refreshToken of a protocol': (value) => `must be what \`inCookie()\` returns, or left out${given(value)}`,
  resourceOrigins: (value) => `must be an array of at least one origin, such as ["https://api.example.com"]${given(value)}`,
  'optional function': (value) => `must be a function, or left out${given(value)}`,
  origin: (value) => `must be an http(s) origin such as "${httpUrl(value)?.origin ?? 'https://api.example.com'}"${given(value)}`,
  scopes: () => 'must be an array of strings',
  signOutPath: (value) => `must be a path such as "/sign-out", or left out${given(value)}`,
  storage: (value) => `must be a storage such as \`indexedDB()\` creates${storageHint(value)}`,
  storageKey: () => 'must be a non-empty string',
  'tokens of a server': (value) => `must be "page", or left out if the server keeps all tokens${given(value)}`,
  subjectOf: (value) => `must be a function of the tokens that returns the id of their user, or left out${given(value)}`,
  'timeoutMs of a hold': (value) => `must be a number of milliseconds above 0, at most 2147483647${given(value)}`,
  tokens: () => 'must be an object with `accessToken`',
};

/**
 * Says what a setting must be.
 *
 * @param name the setting, or the name of one more problem of it
 */
export function requirementOf(name: string, value?: unknown): string {
  return REQUIREMENTS[name]?.(value) ?? 'is not valid';
}

/** Says what to do about an origin that must not get the token. A path in a `Request` goes to the page's origin by mistake. */
export function originHint(origin: string, pageUrl: string | null): string {
  const isPage = pageUrl !== null && urlOf(pageUrl)?.origin === origin;
  const hint = ' If it is yours, add it to `allowedOrigins`. If it is not, use plain `fetch`.';
  return isPage ? hint + ' The path in a `Request` was resolved against the page; pass it to `fetch` as a string, which continues `baseUrl`.' : hint;
}

/** Says what to do about a grant at an origin that the protocol does not name. `allowedOrigins` would be wrong, because calls then send the access token there. */
export const endpointHint = ' If it is a token endpoint of yours, name its address in `tokenEndpoints` of the protocol. Calls still do not send the access token there.';

/** Names the usual mistakes with the argument of `createAuthClient`. */
function optionalInstant(value: unknown): string {
  return `must be ${Number.isFinite(value) ? 'a whole number of epoch milliseconds' : 'epoch milliseconds'}, or left out`;
}

function protocolHint(config: JsonObject | null): string {
  if (typeof config?.['mayReject'] === 'function') return '; to pass one, write `createAuthClient({ protocol })`';
  const protocol = config?.['protocol'];
  return asObject(protocol)?.['readRefresh'] ? '; to pass your own, write `defineProtocol({ … })` around it' : given(protocol);
}

/** Names the usual mistakes with the `client` of a component. */
export function clientHint(value: unknown): string {
  const object = asObject(value);
  if (typeof object?.['mayReject'] === 'function') return '; it is a protocol, so pass it to `createAuthClient({ protocol })` first';
  return object?.['protocol'] ? '; it is a config, so pass it to `createAuthClient` first' : typeGiven(value);
}

/** Names the usual mistakes with a storage. */
function storageHint(value: unknown): string {
  if (typeof value === 'function') return '; it is a function that was not called, so write `sessionStorage()`, for example';
  return typeof asObject(value)?.['getItem'] === 'function' ? '; it is the Web Storage of the page, so call `indexedDB()` or `sessionStorage()` of this package instead' : given(value);
}

/**
 * Explains which mistake led to a wrong token set, and says what `signIn` takes.
 *
 * @param value what `signIn` was given
 * @param field the first member that is wrong
 */
export function tokenSetHint(value: unknown, field: string): string {
  return `${mistakeIn(value, field)}. \`signIn\` takes { accessToken, refreshToken?, expiresAt, scopes }`;
}

/** Names the usual mistakes with a token set. It shows the type of a value only, because most values are secrets. */
function mistakeIn(value: unknown, field: string): string {
  const set = asObject(value);
  if (!set) return typeGiven(value);
  if (typeof set['then'] === 'function') return '; it is a promise, so await it, or pass a function that returns it';
  if (typeof set['json'] === 'function') return '; it is a `Response`, so read its JSON and convert that';
  if (set['request'] !== undefined) return '; it is a grant, so write `defineGrant({ … })` around it';
  if (set['access_token'] !== undefined) return '; `access_token` is how a token response names it, so convert it with `fromTokenResponse` of `unexpired/oauth2`';
  const found = set[field];
  if (found === undefined || Number.isNaN(found)) return `; it is ${String(found)}`;
  if (!/expiresAt/i.test(field) || typeof found !== 'number') return typeGiven(found);
  return `; ${found} is ${Number.isInteger(found) ? 'in seconds, or a duration' : 'not whole'}`;
}

/** The parts of a client that explain a refused token request. */
interface Refused {
  readonly platform: Pick<Platform, 'readCookie'>;
  readonly origins: Pick<Origins, 'resolveEndpoint'>;
  readonly protocol: Pick<Protocol, 'refreshCookie'>;
}

/** The parts of a client that explain a token request without an answer. */
interface Sending extends Refused {
  readonly platform: Pick<Platform, 'readCookie' | 'pageUrl'>;
}

/**
 * Adds the origin of an endpoint to a failure if its answer could not be used, because a wrong address is the usual cause. With the
 * refresh token in a cookie, it names what else causes such an answer.
 *
 * The rest of the address can contain a token.
 *
 * @param outcome what the protocol read in the answer
 * @param request the request that was answered
 * @param status the HTTP status of the answer
 */
export function withOrigin<T extends { readonly kind: string }>(outcome: T, { url }: Pick<TokenRequest, 'url'>, { origins, platform, protocol: { refreshCookie } }: Refused, status: number): T {
  const { cause, wrongEndpoint, detail } = outcome as Partial<TransientFailure>;
  if (cause !== 'refused' && cause !== 'invalid_response') return outcome;
  const hint = refreshCookie && status === 403 ? csrfHint(refreshCookie, platform) : refreshCookie && status < 404 ? ' If it means that there is no session, recognise it with `isFinal` of `oauth2`, or in `readRefresh`.' : '';
  return { ...outcome, detail: `${detail}${wrongEndpoint ? '' : ` The endpoint is at ${new URL(origins.resolveEndpoint(url)).origin}.`}${hint}` };
}

/** Says whether the anti-CSRF header was sent, because an API that misses it answers 403. */
function csrfHint({ csrfHeader, headers }: RefreshCookie, platform: Refused['platform']): string {
  const isMissing = 'cookie' in csrfHeader && headers(platform)[csrfHeader.name] === undefined;
  const sent = isMissing ? `was left out, because this page can read no cookie \`${csrfHeader.cookie}\`` : 'was sent';
  return ` If the API checks an anti-CSRF header, compare it with \`csrfHeader\`: \`${csrfHeader.name}\` ${sent}.`;
}

/**
 * Says what an answer to a request with cookies must carry, because a browser reports a missing permission as a network error.
 *
 * @param hasAnswered whether the page has ever got an answer of the endpoint
 */
export function corsHint({ cause }: Pick<TransientFailure, 'cause'>, { url }: Pick<TokenRequest, 'url'>, { platform, origins, protocol: { refreshCookie } }: Sending, hasAnswered: boolean): string {
  if (!refreshCookie || hasAnswered || cause !== 'network') return '';
  const pageUrl = platform.pageUrl();
  const page = pageUrl === null ? undefined : urlOf(pageUrl)?.origin;
  if (page === undefined || page === new URL(origins.resolveEndpoint(url)).origin) return '';
  return ` If it is up, check CORS: its answers need \`Access-Control-Allow-Credentials: true\` and \`Access-Control-Allow-Origin: ${page}\`, and the preflight must allow the header \`${refreshCookie.csrfHeader.name}\`.`;
}

/** What to do about the error codes of Bonfire that point to a wrong set-up. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: '`appKey` is malformed; check its value',
  401: '`appKey` is not accepted; check its value',
  410: 'this version of the app is out of date; update the app',
  420: 'the address requires a user; check `baseUrl`',
  452: 'the refresh token belongs to another `appKey`; check its value',
  900: 'the address does not allow the method; check `baseUrl`',
  910: 'the API version in `baseUrl` does not exist; check `baseUrl`',
};

/** Says what a user can do if storage fails and another tab may have refreshed. */
export const fullStorageHint = ' If the disk is full, free some space, and close the tab that works last.';

/** Says what is wrong if the API refuses the app. */
export function refusalHint(code: number): string {
  return `: ${REFUSALS[code]}`;
}
