import type { Evidence } from './obligations.ts';

/** A check of a sign-in, and the tests that show it. */
export interface SignInCheck {
  /** The module of the OpenID conformance suite, or the attack. */
  readonly name: string;
  readonly checks: string;
  readonly outcome: string;
  readonly shownBy: readonly Evidence[] | 'not yet';
}

const REDIRECT = 'test/servers/redirect.test.ts';
const ATTACKS = 'test/servers/redirect-attacks.test.ts';
const SERVERS = 'test/servers/authorization-servers.test.ts';

const DPOP = 'test/servers/dpop.test.ts';

const evidence = (file: string) => (...claims: string[]): readonly Evidence[] => claims.map((claim) => ({ claim, file }));
const bound = evidence(DPOP);
const proofs = evidence('test/engine/dpop/calls.test.ts');
const binding = evidence('test/engine/dpop/binding.test.ts');
const keys = evidence('test/engine/dpop/keys.test.ts');

const SIGNED_IN: readonly Evidence[] = [{ claim: 'sign-in-with-code-and-pkce', file: SERVERS }];
const CLAIMS: readonly Evidence[] = [{ claim: 'id-token-claims-checked', file: ATTACKS }];
const ALGORITHM: readonly Evidence[] = [{ claim: 'id-token-algorithm-checked', file: ATTACKS }];
const UNUSUAL: readonly Evidence[] = [{ claim: 'unusual-answers-accepted', file: REDIRECT }];
const REFUSED = 'No user is signed in.';
const NO_SIGNATURE = 'Not checked, as OpenID Connect Core section 3.1.3.7 allows: the ID token comes from the token endpoint itself, over TLS.';

/** The client modules for the basic profile and for refresh tokens. */
export const OPENID_MODULES: readonly SignInCheck[] = [
  { name: 'oidcc-client-test', checks: 'A whole sign-in with a code.', outcome: 'The user is signed in.', shownBy: SIGNED_IN },
  { name: 'oidcc-client-test-nonce-invalid', checks: 'The ID token has the nonce of another sign-in.', outcome: REFUSED, shownBy: CLAIMS },
  { name: 'oidcc-client-test-invalid-iss', checks: 'The ID token is of another issuer.', outcome: REFUSED, shownBy: CLAIMS },
  { name: 'oidcc-client-test-missing-sub', checks: 'The ID token names no user.', outcome: REFUSED, shownBy: CLAIMS },
  { name: 'oidcc-client-test-invalid-aud', checks: 'The ID token is for another client.', outcome: REFUSED, shownBy: CLAIMS },
  { name: 'oidcc-client-test-missing-aud', checks: 'The ID token says not for which client it is.', outcome: REFUSED, shownBy: CLAIMS },
  { name: 'oidcc-client-test-missing-iat', checks: 'The ID token says not when it was issued.', outcome: REFUSED, shownBy: CLAIMS },
  { name: 'oidcc-client-test-idtoken-sig-none', checks: 'The ID token has no signature (`alg: none`).', outcome: `${REFUSED} The client expects the algorithm that the server names, else RS256.`, shownBy: ALGORITHM },
  { name: 'oidcc-client-test-idtoken-sig-rs256', checks: 'The ID token is signed with RS256.', outcome: 'The user is signed in.', shownBy: SIGNED_IN },
  { name: 'oidcc-client-test-invalid-sig-rs256', checks: 'The signature of the ID token is wrong.', outcome: NO_SIGNATURE, shownBy: 'not yet' },
  { name: 'oidcc-client-test-kid-absent-single-jwks, -multiple-jwks', checks: 'The ID token does not name its key.', outcome: NO_SIGNATURE, shownBy: 'not yet' },
  { name: 'oidcc-client-test-scope-userinfo-claims', checks: 'The claims of the user are asked for.', outcome: '`fetchUser()` has them.', shownBy: [{ claim: 'userinfo-on-demand', file: REDIRECT }] },
  { name: 'oidcc-client-test-userinfo-invalid-sub', checks: 'The claims are of another user than the ID token.', outcome: 'They are refused.', shownBy: [{ claim: 'userinfo-of-another-user-refused', file: ATTACKS }] },
  { name: 'oidcc-client-test-client-secret-basic', checks: 'The client proves itself with a secret.', outcome: 'A client in a browser has none. On a server, `parameters` of `oauth2` can carry one.', shownBy: 'not yet' },
  { name: 'oidcc-client-test-discovery-issuer-mismatch', checks: 'The discovery document names another issuer.', outcome: 'The page is not left.', shownBy: [{ claim: 'discovery-document-checked', file: ATTACKS }] },
  { name: 'oidcc-client-test-refresh-token', checks: 'A refresh, with a new ID token.', outcome: 'The new one takes the place of the former one.', shownBy: [{ claim: 'id-token-replaced-at-refresh', file: REDIRECT }] },
  { name: 'oidcc-client-test-refresh-token-invalid-issuer', checks: 'The new ID token is of another issuer.', outcome: 'The former one stays, and the session goes on.', shownBy: [{ claim: 'refreshed-id-token-checked', file: ATTACKS }] },
  { name: 'oidcc-client-test-refresh-token-invalid-sub', checks: 'The new ID token names another user.', outcome: 'Calls of the former user fail with `session_changed`. The new tokens are a session of their own.', shownBy: [{ claim: 'tokens-of-another-user', file: 'test/engine/cookie-refresh.test.ts' }] },
];

/** The client modules of FAPI 2.0. */
export const FAPI_MODULES: readonly SignInCheck[] = [
  { name: 'happy-path, happy-path-no-dpop-nonce', checks: 'A whole sign-in with pushed requests and DPoP.', outcome: 'The user is signed in, with nonces and without.', shownBy: [{ claim: 'request-pushed', file: REDIRECT }, ...bound('code-bound-to-the-key', 'nonce-costs-no-refresh'), ...proofs('proof-of-a-call')] },
  { name: 'ensure-authorization-response-with-invalid-state-fails, -invalid-missing-state-fails', checks: 'The callback has a wrong state, or none.', outcome: REFUSED, shownBy: [{ claim: 'mix-up-refused', file: ATTACKS }] },
  { name: 'invalid-authorization-response-iss, remove-authorization-response-iss', checks: 'The callback is of another issuer, or names none.', outcome: REFUSED, shownBy: [{ claim: 'mix-up-refused', file: ATTACKS }] },
  { name: 'invalid-iss, invalid-missing-iss, invalid-aud, invalid-missing-aud, invalid-secondary-aud', checks: 'The ID token is of another issuer or for another client.', outcome: REFUSED, shownBy: CLAIMS },
  { name: 'invalid-nonce, invalid-missing-nonce', checks: 'The nonce of the ID token is another one, or missing.', outcome: REFUSED, shownBy: CLAIMS },
  { name: 'invalid-expired-exp, invalid-missing-exp', checks: 'The ID token has expired, or has no end.', outcome: REFUSED, shownBy: CLAIMS },
  { name: 'iat-is-week-in-past', checks: 'The ID token was issued a week ago.', outcome: 'Accepted, because the nonce shows that it is of this sign-in. A device clock can be wrong by more than that.', shownBy: 'not yet' },
  { name: 'invalid-alternate-alg, invalid-null-alg', checks: 'The ID token has another algorithm, or none.', outcome: REFUSED, shownBy: ALGORITHM },
  { name: 'invalid-signature', checks: 'The signature of the ID token is wrong.', outcome: NO_SIGNATURE, shownBy: 'not yet' },
  { name: 'no-scope-in-token-endpoint-response, token-endpoint-response-without-expires_in, token-type-case-insensitivity', checks: 'The answer with the tokens has no scope, no lifetime, or its type in capitals.', outcome: 'The user is signed in.', shownBy: UNUSUAL },
];

/** What binds tokens to a key, and what was tried against it. */
export const DPOP_CHECKS: readonly SignInCheck[] = [
  { name: 'RFC 9449, 4.2', checks: 'A proof names the method, the address without query and fragment, the time, and the token.', outcome: 'It does, and `jose`, `oauth4webapi` and `oidc-provider` accept it.', shownBy: [...proofs('proof-of-a-call'), ...bound('code-bound-to-the-key')] },
  { name: 'RFC 9449, 5', checks: 'A refresh is proved with the key of the session.', outcome: 'All tabs prove with the same key.', shownBy: bound('refresh-with-the-key') },
  { name: 'RFC 9449, 5', checks: 'The server issues bearer tokens in spite of the proof.', outcome: 'Calls are bearer calls. Each refresh is proved, because the refresh token may be bound.', shownBy: binding('bearer-stays-bearer') },
  { name: 'RFC 9449, 8 and 9', checks: 'A server asks for a nonce, or for another one.', outcome: 'One more request, with its body. It costs no refresh, and is none of the two sends of a call.', shownBy: bound('nonce-costs-no-refresh') },
  { name: 'RFC 9449, 10', checks: 'The authorization request names the key of the code.', outcome: 'It does, in the address or in the pushed request.', shownBy: bound('dpop-jkt-in-the-request') },
  { name: 'RFC 9449, 11.1', checks: 'A recorded call is sent again, to another address, or with another method.', outcome: 'The API refuses each of them.', shownBy: [...bound('recorded-proof-refused'), ...binding('recorded-call-refused')] },
  { name: 'RFC 9449, 11.1', checks: 'The device clock is wrong by a day.', outcome: 'The proof has the time of the server.', shownBy: proofs('proof-with-the-time-of-the-server') },
  { name: 'Theft of the tokens', checks: 'All tokens are copied from storage.', outcome: 'Neither the API nor the token endpoint accepts them without the key.', shownBy: bound('stolen-tokens-useless') },
  { name: 'Theft of the key', checks: 'A script exports the private key.', outcome: 'The browser refuses. A script can still use the key while it runs in the page.', shownBy: keys('key-not-exportable') },
  { name: 'Downgrade', checks: 'A bound token is sent as a bearer token.', outcome: 'Never, over refreshes, replays and interceptors.', shownBy: binding('bound-never-as-bearer') },
  { name: 'A foreign origin', checks: 'A call goes to an origin that is not yours.', outcome: 'It is refused before a proof is made.', shownBy: proofs('no-proof-for-a-foreign-origin') },
  { name: 'Another user', checks: 'Another user signs in at the same browser.', outcome: 'The user gets another key, and the former one is removed.', shownBy: bound('key-of-another-user') },
  { name: 'The end of a session', checks: 'The session ends by a sign-out, by the API or by idleness.', outcome: 'No key is left.', shownBy: [...bound('key-gone-with-the-session'), ...keys('key-removed-with-the-session')] },
  { name: 'A lost key', checks: 'Site data was cleared, and the tokens are still there.', outcome: 'Calls fail with `key_lost`. The next refresh ends the session as `key_lost`, and sends nothing.', shownBy: keys('lost-key-named') },
  { name: 'A server of several instances', checks: 'Each instance proves for each session (`unexpired/server`).', outcome: 'The key is in the encrypted row of the session, and each session has another one.', shownBy: evidence('test/server/dpop.test.ts')('server-key-for-all-instances', 'server-key-in-the-row') },
  { name: 'A large body through the proxy', checks: 'The API wants a new nonce after the proxy has passed the body on.', outcome: '401 `body_not_replayed`. The page sends the request again, and no refresh is spent.', shownBy: evidence('test/server/dpop.test.ts')('server-key-streamed-body') },
  { name: 'A code for another browser', checks: 'A callback is opened in a browser without the key.', outcome: '`sign_in_expired`. The code is not redeemed.', shownBy: bound('code-of-another-key-refused') },
];

/** What was tried against the sign-in. */
export const SIGN_IN_ATTACKS: readonly SignInCheck[] = [
  { name: 'Mix-up', checks: 'The answer of one server is passed off as that of another one (RFC 9207).', outcome: `Each sign-in remembers its server. ${REFUSED}`, shownBy: [{ claim: 'mix-up-refused', file: ATTACKS }] },
  { name: 'Code injection', checks: 'The victim’s callback gets the code of the attacker’s sign-in.', outcome: 'The server refuses it, because the verifier is another one.', shownBy: [{ claim: 'injected-code-refused', file: ATTACKS }] },
  { name: 'Forged sign-in (CSRF)', checks: 'The victim opens a callback that the attacker’s browser has begun.', outcome: `\`sign_in_expired\`. ${REFUSED}`, shownBy: [{ claim: 'foreign-callback-refused', file: ATTACKS }] },
  { name: 'Open redirect', checks: '`returnTo` is an address of another origin, in 10 spellings.', outcome: 'The user goes on at the start page.', shownBy: [{ claim: 'no-open-redirect', file: ATTACKS }] },
  { name: 'Downgrade of PKCE', checks: 'The server offers `plain` only, or a parameter asks for it.', outcome: 'The page is not left. A parameter of that name is `invalid_config`.', shownBy: [{ claim: 'discovery-document-checked', file: ATTACKS }, { claim: 'fresh-state-nonce-and-verifier', file: REDIRECT }] },
  { name: 'Replay of a nonce', checks: 'The ID token of another sign-in is given out again.', outcome: REFUSED, shownBy: CLAIMS },
  { name: 'Replay of a code', checks: 'A callback is opened in five tabs at once, and again later.', outcome: 'The code is redeemed once. A session that is there goes on.', shownBy: [{ claim: 'code-redeemed-once', file: ATTACKS }] },
  { name: 'A code in the history', checks: 'The address of the callback is read afterwards.', outcome: 'The code leaves the address before it is exchanged.', shownBy: [{ claim: 'code-out-of-the-address', file: REDIRECT }] },
];
