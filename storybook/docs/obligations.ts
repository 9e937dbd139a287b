/** A test that shows something: its file, and the claim in the comment right above it. */
export interface Evidence {
  readonly claim: string;
  readonly file: string;
}

/** What the API's document asks of a client. */
export interface Obligation {
  readonly duty: string;
  readonly met: string;
  readonly shownBy: readonly Evidence[];
}

const BONFIRE = 'test/unit/protocols/bonfire.test.ts';
const CALLS = 'test/engine/calls.test.ts';
const FAILURES = 'test/engine/failures.test.ts';
const REFRESHING = 'test/engine/refreshing.test.ts';
const SESSIONS = 'test/engine/sessions.test.ts';

/** What it says a client has to do. */
export const DUTIES: readonly Obligation[] = [
  {
    duty: 'Store the raw access token, the raw refresh token and their expiry.',
    met: 'Both tokens are kept as received, the expiry as epoch ms, in one record that is changed in one atomic step.',
    shownBy: [
      { claim: 'bonfire-token-object-read', file: BONFIRE },
      { claim: 'reload-resumes-the-session', file: REFRESHING },
      { claim: 'record-survives-a-round-trip', file: 'test/property/model.test.ts' },
    ],
  },
  {
    duty: 'Get a new access token with the cached refresh token before `expires_at`.',
    met: 'A refresh is due in the last quarter of a life, at most 10 minutes ahead. A call never goes out with an expired token.',
    shownBy: [
      { claim: 'refreshes-before-expiry', file: REFRESHING },
      { claim: 'no-expired-token-sent', file: REFRESHING },
      { claim: 'one-refresh-a-lifetime-in-chromium', file: 'test/browser/fresh.test.ts' },
    ],
  },
  {
    duty: 'Get a new one whenever a request is answered with error code 450.',
    met: 'One refresh for all calls that were rejected, then each is sent once more with its body.',
    shownBy: [
      { claim: 'one-refresh-for-200-rejections', file: REFRESHING },
      { claim: 'replayed-once-at-most', file: CALLS },
      { claim: 'replay-keeps-the-body', file: 'test/browser/fresh.test.ts' },
    ],
  },
];

/** What it says of the wire, from which more follows. */
export const WIRE: readonly Obligation[] = [
  {
    duty: 'Every request carries a bearer: the App Key for the token endpoint and for reads without a user, else the access token.',
    met: 'While nobody is signed in, GET and HEAD go out with the App Key; anything else fails with `signed_out`.',
    shownBy: [
      { claim: 'bonfire-refresh-request', file: BONFIRE },
      { claim: 'signed-out-read-uses-app-key', file: CALLS },
      { claim: 'signed-out-write-refused', file: CALLS },
    ],
  },
  {
    duty: 'An error code is not the HTTP status: most codes about authentication come with 401.',
    met: 'Code 450 counts whatever the 4xx status. Any other code is an answer about the resource and costs no refresh.',
    shownBy: [
      { claim: 'code-450-at-any-status', file: BONFIRE },
      { claim: 'other-codes-cost-no-refresh', file: FAILURES },
    ],
  },
  {
    duty: '451, 460, 800 and 810 in answer to a refresh mean that the user has to do something.',
    met: 'The session ends in all tabs, and `endReason` says which of the four it was.',
    shownBy: [{ claim: 'final-codes-end-the-session', file: FAILURES }],
  },
  {
    duty: '452 and its like mean that the app is set up wrongly.',
    met: 'The session stays, the client stops asking, and the error says what is wrong.',
    shownBy: [{ claim: 'misconfigured-keeps-the-session', file: FAILURES }],
  },
  {
    duty: '429, 5xx and 980 mean later.',
    met: 'The session stays. The pause grows from try to try, is shared by all tabs, and is never shorter than `Retry-After`.',
    shownBy: [
      { claim: 'retry-after-honoured', file: FAILURES },
      { claim: 'transient-failure-keeps-the-session', file: FAILURES },
    ],
  },
  {
    duty: '`expires_at` is published in two spellings, `+00:00` and `+0000`.',
    met: 'Both are read by a parser of our own, since engines disagree on the second.',
    shownBy: [
      { claim: 'bonfire-other-date-spelling', file: BONFIRE },
      { claim: 'every-date-spelling-read', file: 'test/property/texts.test.ts' },
    ],
  },
  {
    duty: 'Tokens of bots may come without a refresh token and without an expiry.',
    met: 'Such a token is used as it is; the first 450 ends its session as `token_rejected`.',
    shownBy: [
      { claim: 'bonfire-bot-tokens-read', file: BONFIRE },
      { claim: 'token-without-expiry', file: REFRESHING },
    ],
  },
  {
    duty: 'A refresh may bring a new refresh token, or leave it out.',
    met: 'A new one replaces the old one in the same step as the access token; left out, the old one stays.',
    shownBy: [
      { claim: 'missing-refresh-token-kept', file: BONFIRE },
      { claim: 'no-rotation-supported', file: REFRESHING },
    ],
  },
  {
    duty: 'Tokens for several bots are created in one request.',
    met: '`requestTokens` resolves to token sets by bot id; `signIn` takes a grant that yields exactly one.',
    shownBy: [
      { claim: 'bonfire-bot-grant', file: BONFIRE },
      { claim: 'tokens-for-several-bots', file: SESSIONS },
      { claim: 'sign-in-takes-one-token-set', file: 'test/engine/sign-in-input.test.ts' },
    ],
  },
  {
    duty: 'It does not say how bodies are encoded, but that it follows RFC 6749.',
    met: 'Forms, unless `bodyEncoding: \'json\'` is given.',
    shownBy: [{ claim: 'bonfire-json-bodies', file: BONFIRE }],
  },
];
