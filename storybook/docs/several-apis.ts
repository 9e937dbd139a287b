import type { SignInCheck } from './sign-in-checks.ts';

const CALLS = 'test/engine/apis/calls.test.ts';
const FAILURES = 'test/engine/apis/failures.test.ts';
const SESSIONS = 'test/engine/apis/sessions.test.ts';
const STEP_UP = 'test/engine/apis/step-up.test.ts';

/** What holds for the access tokens of several APIs, and for step-up. */
export const SEVERAL_APIS: readonly SignInCheck[] = [
  { name: 'A token for one API', checks: 'Calls to three APIs, in two tabs.', outcome: 'Each API gets an access token of its own. No API gets the token of another one.', shownBy: [{ claim: 'one-access-token-an-api', file: CALLS }] },
  { name: 'A rejected token', checks: 'One API rejects its token.', outcome: 'That token is refreshed, and the call is sent once more. The other tokens stay.', shownBy: [{ claim: 'rejection-renews-one-api', file: CALLS }] },
  { name: 'A refused API', checks: 'The authorization server answers `invalid_target`, `invalid_scope`, `consent_required` and the like.', outcome: 'Calls to that API reject with `grant_refused` and the code. The session and the other APIs go on.', shownBy: [{ claim: 'refused-api-alone', file: FAILURES }] },
  { name: 'A refused refresh token', checks: 'The authorization server answers `invalid_grant`.', outcome: 'The session ends in all tabs, with all its tokens.', shownBy: [{ claim: 'invalid-grant-ends-all', file: FAILURES }] },
  { name: 'An outage', checks: 'The token endpoint cannot be reached.', outcome: 'All APIs and all tabs share one backoff. Calls whose token lives need no answer.', shownBy: [{ claim: 'one-backoff-for-all-apis', file: FAILURES }] },
  { name: 'Another user', checks: 'Another user signs in during a token request.', outcome: 'The call rejects with `session_changed`. No token of the former user is sent.', shownBy: [{ claim: 'no-api-token-of-another-user', file: SESSIONS }] },
  { name: 'A step-up', checks: 'An API asks for a stronger authentication.', outcome: 'The call rejects with `step_up_required`, and costs no refresh.', shownBy: [{ claim: 'step-up-costs-no-refresh', file: STEP_UP }] },
  { name: 'After a step-up', checks: 'The same user signs in again.', outcome: 'The call goes on once, with its body.', shownBy: [{ claim: 'stepped-up-call-goes-on', file: STEP_UP }] },
  { name: 'A step-up by another user', checks: 'Another user signs in in the window.', outcome: 'The call rejects with `session_changed`, and is not sent.', shownBy: [{ claim: 'no-step-up-as-another-user', file: STEP_UP }] },
];
