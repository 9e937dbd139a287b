/** A test that shows something: its file, and the claim in the comment right above it. */
export interface Evidence {
  readonly claim: string;
  readonly file: string;
}

/** Something that the API's document obliges a client to do. */
export interface Obligation {
  readonly duty: string;
  readonly met: string;
  readonly shownBy: readonly Evidence[];
}

/** Something that RFC 10017 asks of a client. */
export interface Requirement {
  /** The section that asks for it, such as `6.3.2.1`. */
  readonly section: string;
  readonly requirement: string;
  readonly met: string;
  readonly shownBy: readonly Evidence[] | 'not yet';
}

const BONFIRE = 'test/unit/protocols/bonfire.test.ts';
const CALLS = 'test/engine/calls.test.ts';
const ENCRYPTED = 'test/storage/encrypted.test.ts';
const FAILURES = 'test/engine/failures.test.ts';
const OAUTH2 = 'test/unit/protocols/oauth2.test.ts';
const REFRESHING = 'test/engine/refreshing.test.ts';
const SERVERS = 'test/servers/authorization-servers.test.ts';
const SESSIONS = 'test/engine/sessions.test.ts';

/** The duties that the document names. */
export const DUTIES: readonly Obligation[] = [
  {
    duty: 'Store the raw access token, the raw refresh token and their expiry.',
    met: 'Both tokens are stored as received, and the expiry as epoch ms, in one record. The record changes in one atomic step.',
    shownBy: [
      { claim: 'bonfire-token-object-read', file: BONFIRE },
      { claim: 'reload-resumes-the-session', file: REFRESHING },
      { claim: 'record-survives-a-round-trip', file: 'test/property/model.test.ts' },
    ],
  },
  {
    duty: 'Get a new access token with the cached refresh token before `expires_at`.',
    met: 'A refresh is due in the last quarter of a token’s life, at most 10 minutes before its end. No call is sent with an expired token.',
    shownBy: [
      { claim: 'refreshes-before-expiry', file: REFRESHING },
      { claim: 'no-expired-token-sent', file: REFRESHING },
      { claim: 'one-refresh-a-lifetime-in-chromium', file: 'test/browser/fresh.test.ts' },
    ],
  },
  {
    duty: 'Get a new one whenever a request is answered with error code 450.',
    met: 'There is one refresh for all rejected calls of all tabs. Then each call is sent once more in the same session, with its body and headers.',
    shownBy: [
      { claim: 'one-refresh-for-200-rejections', file: REFRESHING },
      { claim: 'replayed-once-at-most', file: CALLS },
      { claim: 'replay-keeps-the-body', file: 'test/browser/fresh.test.ts' },
    ],
  },
];

/** What follows from the wire format that the document describes. */
export const WIRE: readonly Obligation[] = [
  {
    duty: 'Every request has a bearer: the App Key for the token endpoint and for reads without a user, otherwise the access token.',
    met: 'While no user is signed in, GET and HEAD are sent with the App Key. Every other call fails with `signed_out`.',
    shownBy: [
      { claim: 'bonfire-refresh-request', file: BONFIRE },
      { claim: 'signed-out-read-uses-app-key', file: CALLS },
      { claim: 'signed-out-write-refused', file: CALLS },
    ],
  },
  {
    duty: 'An error code is not the HTTP status: most codes about authentication have status 401.',
    met: 'Code 450 counts with any 4xx status. Every other code is an answer about the resource and costs no refresh.',
    shownBy: [
      { claim: 'code-450-at-any-status', file: BONFIRE },
      { claim: 'other-codes-cost-no-refresh', file: FAILURES },
    ],
  },
  {
    duty: '451, 460, 800 and 810 as the answer to a refresh mean that the user has to act.',
    met: 'The session ends in all tabs, and `endReason` says which of the four it was.',
    shownBy: [{ claim: 'final-codes-end-the-session', file: FAILURES }],
  },
  {
    duty: '452 and similar codes mean that the app is set up wrongly.',
    met: 'The session stays, the client stops retrying, and the error says what is wrong.',
    shownBy: [{ claim: 'misconfigured-keeps-the-session', file: FAILURES }],
  },
  {
    duty: '429, 5xx and 980 mean “try again later”.',
    met: 'The session stays. The pause grows with each attempt, all tabs share it, and it is never shorter than `Retry-After`.',
    shownBy: [
      { claim: 'retry-after-honoured', file: FAILURES },
      { claim: 'transient-failure-keeps-the-session', file: FAILURES },
    ],
  },
  {
    duty: '`expires_at` is published in two spellings, `+00:00` and `+0000`.',
    met: 'A parser of our own reads both, because engines disagree on the second.',
    shownBy: [
      { claim: 'bonfire-other-date-spelling', file: BONFIRE },
      { claim: 'every-date-spelling-read', file: 'test/property/texts.test.ts' },
    ],
  },
  {
    duty: 'Tokens of bots may have no refresh token and no expiry.',
    met: 'The client uses such a token until the first 450, which ends its session as `token_rejected`.',
    shownBy: [
      { claim: 'bonfire-bot-tokens-read', file: BONFIRE },
      { claim: 'token-without-expiry', file: REFRESHING },
    ],
  },
  {
    duty: 'A refresh may bring a new refresh token, or leave it out.',
    met: 'A new one replaces the old one in the same step as the access token. If it is left out, the old one stays.',
    shownBy: [
      { claim: 'missing-refresh-token-kept', file: BONFIRE },
      { claim: 'no-rotation-supported', file: REFRESHING },
    ],
  },
  {
    duty: 'One request creates the tokens of several bots.',
    met: '`requestTokens` resolves to token sets by bot id. `signIn` takes a grant that yields exactly one.',
    shownBy: [
      { claim: 'bonfire-bot-grant', file: BONFIRE },
      { claim: 'tokens-for-several-bots', file: SESSIONS },
      { claim: 'sign-in-takes-one-token-set', file: 'test/engine/sign-in-input.test.ts' },
    ],
  },
  {
    duty: 'The document does not say how bodies are encoded, but that it follows RFC 6749.',
    met: 'Forms, or JSON with `bodyEncoding: \'json\'`.',
    shownBy: [{ claim: 'bonfire-json-bodies', file: BONFIRE }],
  },
];

/** RFC 10017 on clients that run only in the page. */
export const PAGE_REQUIREMENTS: readonly Requirement[] = [
  {
    section: '6.3.2.1',
    requirement: 'Use the authorization code grant with PKCE.',
    met: 'The sign-in by redirect uses both.',
    shownBy: [{ claim: 'sign-in-with-code-and-pkce', file: SERVERS }],
  },
  {
    section: '6.3.2.2',
    requirement: 'Prevent forged requests to the redirect URI.',
    met: 'The sign-in by redirect compares `state`, which it claims once, and uses PKCE. A callback that this browser did not ask for signs no user in.',
    shownBy: [{ claim: 'unrequested-callback-refused', file: SERVERS }],
  },
  {
    section: '6.3.2.3',
    requirement: 'Refresh tokens are rotated at each use, or bound to a key.',
    met: 'One refresh over all tabs, and one rotation in each life of an access token. After a theft, the server detects the second use and ends the session.',
    shownBy: [
      { claim: 'one-refresh-over-eight-tabs', file: REFRESHING },
      { claim: 'one-rotation-a-lifetime', file: SERVERS },
      { claim: 'stolen-refresh-token-detected', file: SERVERS },
    ],
  },
  {
    section: '6.3.2.3',
    requirement: 'Refresh tokens have a maximum life, or expire when they are not used.',
    met: 'When the server refuses the refresh token, the session ends with a reason.',
    shownBy: [{ claim: 'oauth2-refusals-classified', file: OAUTH2 }],
  },
  {
    section: '6.3.2.3',
    requirement: 'The end of a refresh token that the server announces is respected.',
    met: 'The client refreshes before that end. After it, the refresh token is not sent, and the session ends with its access token as `expired`.',
    shownBy: [{ claim: 'stated-end-respected', file: 'test/engine/stated-end.test.ts' }],
  },
  {
    section: '6.3.3.1',
    requirement: 'The client is public and has no shared secret.',
    met: '`oauth2` sends the `client_id` and no client secret.',
    shownBy: [{ claim: 'public-client-refresh', file: OAUTH2 }],
  },
  {
    section: '6.3.3.2.1',
    requirement: 'Use only redirect URIs that are registered exactly.',
    met: 'The sign-in by redirect sends one fixed `redirect_uri`.',
    shownBy: [{ claim: 'sign-in-with-code-and-pkce', file: SERVERS }],
  },
  {
    section: '6.3.4.2.1, 8.3',
    requirement: 'Isolate the refresh token, for example in a Web Worker.',
    met: 'Both tokens are in storage that script of the page can read.',
    shownBy: 'not yet',
  },
  {
    section: '6.3.4.2.2, 9.2',
    requirement: 'Use sender-constrained tokens (DPoP).',
    met: 'With `unexpired/dpop`, a key that no script can export proves each refresh and each call.',
    shownBy: [{ claim: 'stolen-tokens-useless', file: 'test/servers/dpop.test.ts' }],
  },
  {
    section: '7.2',
    requirement: 'Do not use the implicit grant.',
    met: 'The sign-in by redirect asks for a code. No code of this package reads a token from an address.',
    shownBy: [{ claim: 'sign-in-with-code-and-pkce', file: SERVERS }],
  },
  {
    section: '8.4, 8.5',
    requirement: 'Choose a storage with the exposure that the app needs.',
    met: 'There are storages for all tabs, for one tab and for one page. A duplicated tab gets no copy of a `sessionStorage()` session.',
    shownBy: [{ claim: 'duplicated-tab-signed-out', file: 'test/storage/session-storage.test.ts' }],
  },
  {
    section: '8.6',
    requirement: 'Encrypt tokens before they are stored, with a key that cannot be exported. It does not protect from a copy of the disk.',
    met: '`encrypted(indexedDB())` encrypts them with such a key.',
    shownBy: [
      { claim: 'encrypted-storage-is-unreadable', file: ENCRYPTED },
      { claim: 'encryption-key-not-exportable', file: ENCRYPTED },
    ],
  },
  {
    section: '9.1',
    requirement: 'Let access tokens live for a short time and renew them with refresh tokens.',
    met: 'Tokens that live for one second are refreshed in time.',
    shownBy: [{ claim: 'short-lives-stay-fresh', file: REFRESHING }],
  },
  {
    section: '9.1',
    requirement: 'Restrict an access token to one API (RFC 8707).',
    met: '`parameters: { resource }` sends the API with each refresh.',
    shownBy: [{ claim: 'public-client-refresh', file: OAUTH2 }],
  },
  {
    section: '9.1',
    requirement: 'Use several access tokens, each for one API.',
    met: 'A session has one access token.',
    shownBy: 'not yet',
  },
  {
    section: '9.3',
    requirement: 'Defend against mix-up if the client uses several authorization servers.',
    met: 'Each sign-in remembers its server. The code goes to that one only, and an answer with another `iss` is refused (RFC 9207).',
    shownBy: [{ claim: 'mix-up-refused', file: 'test/servers/redirect-attacks.test.ts' }],
  },
];
