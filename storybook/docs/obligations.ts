/** A test that shows something, by its name and its file. */
export interface Evidence {
  readonly test: string;
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
      { test: 'reads the access_token object of a refresh, its expiry, scopes and claims', file: BONFIRE },
      { test: 'takes up a stored session after a reload without asking anybody', file: REFRESHING },
      { test: 'reads back what it wrote', file: 'test/property/model.test.ts' },
    ],
  },
  {
    duty: 'Get a new access token with the cached refresh token before `expires_at`.',
    met: 'A refresh is due in the last quarter of a life, at most 10 minutes ahead. A call never goes out with an expired token.',
    shownBy: [
      { test: 'refreshes before expires_at again and again, so that no call is ever rejected', file: REFRESHING },
      { test: 'never sends an expired token, though expiry is told in whole seconds', file: REFRESHING },
      { test: 'stays fresh through three lifetimes in two tabs, with one refresh a lifetime and no refused call', file: 'test/browser/fresh.test.ts' },
    ],
  },
  {
    duty: 'Get a new one whenever a request is answered with error code 450.',
    met: 'One refresh for all calls that were rejected, then each is sent once more with its body.',
    shownBy: [
      { test: 'of 200 calls on a revoked token costs one refresh and one replay each', file: REFRESHING },
      { test: 'happens once at most', file: CALLS },
      { test: 'posts right after the token was revoked: one refresh, one replay, the same body, one post', file: 'test/browser/fresh.test.ts' },
    ],
  },
];

/** What it says of the wire, from which more follows. */
export const WIRE: readonly Obligation[] = [
  {
    duty: 'Every request carries a bearer: the App Key for the token endpoint and for reads without a user, else the access token.',
    met: 'While nobody is signed in, GET and HEAD go out with the App Key; anything else fails with `signed_out`.',
    shownBy: [
      { test: 'asks for a refresh with the App Key as bearer and a form as body', file: BONFIRE },
      { test: 'goes out with the App Key when it only reads', file: CALLS },
      { test: 'is refused with signed_out when it writes', file: CALLS },
    ],
  },
  {
    duty: 'An error code is not the HTTP status: most codes about authentication come with 401.',
    met: 'Code 450 counts whatever the 4xx status. Any other code is an answer about the resource and costs no refresh.',
    shownBy: [
      { test: 'counts code 450 whatever the 4xx status, and a bare HTTP 450', file: BONFIRE },
      { test: 'with error code %i costs no refresh and ends nothing', file: FAILURES },
    ],
  },
  {
    duty: '451, 460, 800 and 810 in answer to a refresh mean that the user has to do something.',
    met: 'The session ends in all tabs, and `endReason` says which of the four it was.',
    shownBy: [{ test: 'with error code %i ends the session, says %s, and reaches the other tab', file: FAILURES }],
  },
  {
    duty: '452 and its like mean that the app is set up wrongly.',
    met: 'The session stays, the client stops asking, and the error says what is wrong.',
    shownBy: [{ test: 'keeps the session, says so, and is not tried again until asked', file: FAILURES }],
  },
  {
    duty: '429, 5xx and 980 mean later.',
    met: 'The session stays. The pause grows from try to try, is shared by all tabs, and is never shorter than `Retry-After`.',
    shownBy: [
      { test: 'waits at least as long as Retry-After asks, however often the page wakes', file: FAILURES },
      { test: '(%s) keeps the session, which goes on by itself when the API is back', file: FAILURES },
    ],
  },
  {
    duty: '`expires_at` is published in two spellings, `+00:00` and `+0000`.',
    met: 'Both are read by a parser of our own, since engines disagree on the second.',
    shownBy: [
      { test: 'reads the other spelling of the date and comma-separated scopes', file: BONFIRE },
      { test: 'reads back every instant, in every spelling of its offset', file: 'test/property/texts.test.ts' },
    ],
  },
  {
    duty: 'Tokens of bots may come without a refresh token and without an expiry.',
    met: 'Such a token is used as it is; the first 450 ends its session as `token_rejected`.',
    shownBy: [
      { test: 'reads bot tokens without expiry and without refresh token', file: BONFIRE },
      { test: 'never refreshes a token without expiry ahead, and ends its session at the first 450', file: REFRESHING },
    ],
  },
  {
    duty: 'A refresh may bring a new refresh token, or leave it out.',
    met: 'A new one replaces the old one in the same step as the access token; left out, the old one stays.',
    shownBy: [
      { test: 'keeps the old refresh token when the answer brings none', file: BONFIRE },
      { test: 'keeps the refresh token when the API does not rotate', file: REFRESHING },
    ],
  },
  {
    duty: 'Tokens for several bots are created in one request.',
    met: '`requestTokens` resolves to token sets by bot id; `signIn` takes a grant that yields exactly one.',
    shownBy: [
      { test: 'asks for bot tokens with the ids as a JSON array in one field', file: BONFIRE },
      { test: 'asks for the tokens of several bots without signing in', file: SESSIONS },
      { test: 'signing in refuses a grant that yields two token sets, and asks for one', file: 'test/engine/sign-in-input.test.ts' },
    ],
  },
  {
    duty: 'It does not say how bodies are encoded, but that it follows RFC 6749.',
    met: 'Forms, unless `bodyEncoding: \'json\'` is given.',
    shownBy: [{ test: 'writes JSON bodies when told to', file: BONFIRE }],
  },
];
