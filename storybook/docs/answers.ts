/** How the client treats an answer to a refresh. */
export type AnswerClass = 'final' | 'misconfigured' | 'unreadable' | 'unknown refusal' | 'wrong address' | 'transient';

/** What each class means. The page explains them in this order. */
export const CLASSES: Readonly<Record<AnswerClass, { readonly happens: string; readonly appSees: string }>> = {
  final: { happens: 'The session ends in all tabs.', appSees: '`signedOut`, with an `endReason`' },
  misconfigured: { happens: 'This tab sends no refresh until `refresh()` or a reload.', appSees: 'refresh `blocked`, calls fail with `misconfigured`' },
  unreadable: { happens: 'No tab sends a refresh until `refresh()`, not even after a reload.', appSees: 'refresh `blocked`, calls fail with `misconfigured`' },
  'unknown refusal': { happens: 'The client retries. The 20th refusal ends the session.', appSees: 'refresh `waiting`, calls fail with `refresh_unavailable`, at the end `signedOut`, `refresh_refused`' },
  'wrong address': { happens: 'The client keeps retrying.', appSees: 'refresh `waiting`, calls fail with `misconfigured`' },
  transient: { happens: 'The client keeps retrying.', appSees: 'refresh `waiting`, calls fail with `refresh_unavailable`' },
};

/** An answer to a refresh by `oauth2`, and its class. */
export interface AnswerRow {
  readonly from: string;
  readonly status: number;
  /** The members that the client reads. Servers add descriptions, which it does not read. */
  readonly body: object | string;
  readonly class: AnswerClass;
  /** Why the session ends, if the answer is final. */
  readonly endReason?: string;
  /** What `isFinal` of `oauth2` looks for in the body, if it is set. */
  readonly isFinal?: string;
  /** Where the words are documented, or the source code that sends or reads them. */
  readonly source?: string;
}

const source = (repository: string, path: string) => `https://github.com/${repository}/blob/HEAD/${path}`;

const FOSITE = source('ory/fosite', 'errors.go');
const SUPABASE = source('supabase/auth', 'internal/api/apierrors/errorcode.go');
const COGNITO = source('aws-amplify/amplify-js', 'packages/auth/src/providers/cognito/tokenProvider/TokenOrchestrator.ts');
const FIREBASE = 'https://firebase.google.com/docs/reference/rest/auth#section-refresh-token';
const ENTRA = 'https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes';
const INVALID = { class: 'final', endReason: 'refresh_token_invalid' } as const;
const LOGIN = { class: 'final', endReason: 'login_required' } as const;

/** The answers of known servers to a refresh token that they do not accept. */
export const SERVER_ANSWERS: readonly AnswerRow[] = [
  { from: 'Auth0', status: 403, body: { error: 'invalid_grant' }, ...INVALID, source: source('auth0/Auth0.Android', 'auth0/src/main/java/com/auth0/android/authentication/AuthenticationException.kt') },
  { from: 'Entra ID', status: 400, body: { error: 'invalid_grant', error_codes: [700082] }, ...INVALID, source: ENTRA },
  { from: 'Entra ID, a second factor is required', status: 400, body: { error: 'interaction_required', error_codes: [50076] }, ...LOGIN, source: ENTRA },
  { from: 'Cognito, token endpoint', status: 400, body: { error: 'invalid_grant' }, ...INVALID, source: 'https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html' },
  { from: 'Cognito, `InitiateAuth`', status: 400, body: { __type: 'NotAuthorizedException' }, class: 'unknown refusal', source: COGNITO },
  { from: 'Cognito, `InitiateAuth`', status: 400, body: { __type: 'NotAuthorizedException' }, isFinal: 'NotAuthorizedException', ...INVALID, source: COGNITO },
  { from: 'Keycloak', status: 400, body: { error: 'invalid_grant' }, ...INVALID, source: source('keycloak/keycloak', 'services/src/main/java/org/keycloak/protocol/oidc/grants/RefreshTokenGrantType.java') },
  { from: 'Okta', status: 400, body: { error: 'invalid_grant' }, ...INVALID, source: source('okta/okta-auth-js', 'lib/oidc/util/refreshToken.ts') },
  { from: 'Supabase', status: 400, body: { code: 400, error_code: 'refresh_token_not_found' }, class: 'unknown refusal', source: SUPABASE },
  { from: 'Supabase', status: 400, body: { code: 400, error_code: 'refresh_token_not_found' }, isFinal: 'refresh_token_not_found', ...INVALID, source: SUPABASE },
  { from: 'Supabase, API version 2024-01-01', status: 400, body: { code: 'refresh_token_already_used' }, isFinal: 'refresh_token_already_used', ...INVALID, source: source('supabase/auth', 'internal/api/errors.go') },
  { from: 'Firebase', status: 400, body: { error: { code: 400, message: 'TOKEN_EXPIRED' } }, class: 'unknown refusal', source: FIREBASE },
  { from: 'Firebase', status: 400, body: { error: { code: 400, message: 'TOKEN_EXPIRED' } }, isFinal: 'TOKEN_EXPIRED', ...INVALID, source: FIREBASE },
  { from: 'GitHub', status: 200, body: { error: 'bad_refresh_token' }, ...INVALID, source: 'https://github.com/orgs/community/discussions/24745' },
  { from: 'Laravel Passport', status: 401, body: { error: 'invalid_request' }, ...INVALID, source: source('thephpleague/oauth2-server', 'src/Exception/OAuthServerException.php') },
  { from: 'Ory Hydra', status: 401, body: { error: 'token_inactive' }, ...INVALID, source: FOSITE },
  { from: 'Ory Hydra', status: 400, body: { error: 'invalid_grant' }, ...INVALID, source: FOSITE },
  { from: 'Duende IdentityServer', status: 400, body: { error: 'invalid_grant' }, ...INVALID, source: source('DuendeSoftware/IdentityServer', 'src/IdentityServer/Validation/Default/TokenRequestValidator.cs') },
  { from: 'Django OAuth Toolkit', status: 400, body: { error: 'invalid_grant' }, ...INVALID, source: source('oauthlib/oauthlib', 'oauthlib/oauth2/rfc6749/errors.py') },
  { from: 'Spring Security OAuth', status: 401, body: { error: 'invalid_token' }, ...INVALID, source: source('spring-attic/spring-security-oauth', 'spring-security-oauth2/src/main/java/org/springframework/security/oauth2/common/exceptions/InvalidTokenException.java') },
];

const GATEWAY = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html';
const RFC = 'https://www.rfc-editor.org/rfc/rfc6749#section-5';
const PORTAL = '<html><body>Welcome to the hotel</body></html>';

/** The other answers that a refresh can get. */
export const OTHER_ANSWERS: readonly AnswerRow[] = [
  { from: 'a refusal in words of its own', status: 401, body: { message: 'Unauthorized' }, class: 'unknown refusal', source: GATEWAY },
  { from: 'a refusal inside a 200', status: 200, body: { code: 401 }, class: 'unknown refusal' },
  { from: 'a refusal inside a 200', status: 200, body: { code: 401 }, isFinal: '"code":401', ...INVALID },
  { from: 'an unknown client', status: 401, body: { error: 'invalid_client' }, class: 'misconfigured', source: RFC },
  { from: 'a grant that is not allowed', status: 400, body: { error: 'unauthorized_client' }, class: 'misconfigured', source: RFC },
  { from: 'a request with a wrong parameter', status: 400, body: { error: 'invalid_request' }, class: 'misconfigured', source: RFC },
  { from: 'tokens of another type', status: 200, body: { access_token: 'a2', token_type: 'DPoP' }, class: 'misconfigured', source: 'https://www.rfc-editor.org/rfc/rfc9449#section-5' },
  { from: 'JSON without tokens', status: 200, body: { accessToken: 'a2', refreshToken: 'r2' }, class: 'unreadable' },
  { from: 'a token that is not a string', status: 200, body: { access_token: 1 }, class: 'unreadable' },
  { from: 'a wrong path', status: 404, body: { message: 'Not Found' }, class: 'wrong address' },
  { from: 'a wrong method', status: 405, body: '', class: 'wrong address' },
  { from: 'the page of a captive portal', status: 200, body: PORTAL, class: 'wrong address' },
  { from: 'a firewall', status: 403, body: 'Forbidden', class: 'transient' },
  { from: 'an empty answer', status: 200, body: '', class: 'transient' },
  { from: 'JSON that breaks off', status: 200, body: '{"access_token":"a', class: 'transient' },
  { from: 'a proxy in trouble', status: 502, body: '<html>Bad Gateway</html>', class: 'transient' },
  { from: 'a server in trouble, whatever it says', status: 503, body: { error: 'invalid_grant' }, isFinal: 'invalid_grant', class: 'transient' },
  { from: 'a rate limit, whatever it says', status: 429, body: { error: 'invalid_grant' }, isFinal: 'invalid_grant', class: 'transient' },
  { from: 'a server that is busy', status: 400, body: { error: 'temporarily_unavailable' }, class: 'transient', source: 'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1' },
];

/** An answer to a refresh by `oauth2` with `refreshToken: inCookie()`, and its class in both situations. */
export interface CookieAnswerRow extends Pick<AnswerRow, 'from' | 'status' | 'body' | 'isFinal'> {
  /** While a user is signed in. */
  readonly live: AnswerClass;
  /** While a page asks whether the cookie has a session. A final answer then means that there is none. */
  readonly restoring: AnswerClass;
}

/** The answers whose class is another one if the refresh token is in a cookie, and those that people ask about. */
export const COOKIE_ANSWERS: readonly CookieAnswerRow[] = [
  { from: 'no session', status: 204, body: '', live: 'final', restoring: 'final' },
  { from: 'no session, in words of its own', status: 401, body: { message: 'Unauthorized' }, live: 'final', restoring: 'final' },
  { from: 'no session, as plain text', status: 401, body: 'Unauthorized', live: 'final', restoring: 'final' },
  { from: 'a refused token', status: 400, body: { error: 'invalid_grant' }, live: 'final', restoring: 'final' },
  { from: 'a cookie that is missing', status: 400, body: { error: 'invalid_request' }, live: 'unknown refusal', restoring: 'final' },
  { from: 'a refusal in words of its own', status: 400, body: { message: 'Bad Request' }, live: 'unknown refusal', restoring: 'final' },
  { from: 'a refused anti-CSRF header', status: 403, body: { message: 'Forbidden' }, live: 'unknown refusal', restoring: 'final' },
  { from: 'an unknown client', status: 401, body: { error: 'invalid_client' }, live: 'misconfigured', restoring: 'misconfigured' },
  { from: 'JSON without tokens', status: 200, body: { ok: true }, live: 'misconfigured', restoring: 'misconfigured' },
  { from: 'a wrong path', status: 404, body: { message: 'Not Found' }, live: 'wrong address', restoring: 'wrong address' },
  { from: 'a wrong method', status: 405, body: '', live: 'wrong address', restoring: 'wrong address' },
  { from: 'the page of a captive portal', status: 200, body: PORTAL, live: 'wrong address', restoring: 'wrong address' },
  { from: 'the page of a proxy or a framework', status: 401, body: '<html>Sign in</html>', live: 'wrong address', restoring: 'final' },
  { from: 'the page of a framework, recognised', status: 401, body: '<!doctype html><title>401 Unauthorized</title>', isFinal: '401 Unauthorized', live: 'final', restoring: 'final' },
  { from: 'no session, as a 200', status: 200, body: 'null', live: 'transient', restoring: 'transient' },
  { from: 'no session, as a 200', status: 200, body: 'null', isFinal: 'null', live: 'final', restoring: 'final' },
  { from: 'a refusal inside a 200', status: 200, body: { code: 401 }, live: 'unknown refusal', restoring: 'unknown refusal' },
  { from: 'a firewall, or a refused anti-CSRF header', status: 403, body: 'Forbidden', live: 'transient', restoring: 'final' },
  { from: 'the page of a firewall', status: 403, body: '<html>Forbidden</html>', live: 'wrong address', restoring: 'wrong address' },
  { from: 'a rate limit', status: 429, body: '', live: 'transient', restoring: 'transient' },
  { from: 'a server in trouble', status: 503, body: '', live: 'transient', restoring: 'transient' },
];
