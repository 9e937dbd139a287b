import type { Evidence } from './obligations.ts';
import type { ServerFailure } from './server-failures.ts';

const cited = (file: string) => (...claims: readonly string[]): readonly Evidence[] => claims.map((claim) => ({ claim, file: `test/${file}.test.ts` }));
const cookies = cited('browser/attacks/cookies');
const forged = cited('browser/attacks/forged-requests');
const raw = cited('server/attacks/requests');

/** Attacks on the handler that run as tests: in Chromium from another site and another subdomain, and over raw HTTP. */
export const HANDLER_ATTACKS: readonly ServerFailure[] = [
  { failure: 'A page of another site or subdomain sends `fetch`, a beacon, an image, a script, a prefetch, a WebSocket or an `EventSource`.', happens: 'Nothing changes, and the page can read nothing, with a `Strict` and a `Lax` cookie.', appSees: '403 to each `POST` and to `/auth/events`; no answer has a CORS header or a cookie', shownBy: forged('attack-forged-requests') },
  { failure: 'Such a page sends a form, in each of its three encodings.', happens: 'No user is signed in or out, so no user works in the account of the attacker.', appSees: '403', shownBy: forged('attack-forged-forms') },
  { failure: 'Such a page navigates to the handler, or frames it.', happens: 'Nothing changes.', appSees: '405, or the snapshot, which has no token', shownBy: forged('attack-navigation') },
  { failure: 'A subdomain sets the cookie for the whole site (cookie tossing).', happens: 'The browser refuses `__Host-session` in each spelling.', appSees: 'The session of the user', shownBy: cookies('attack-cookie-tossing') },
  { failure: 'The same, with `secure: false` and so without the prefix.', happens: 'A signed-in user is signed out for that request, and gets no session of another user. A visitor can get the session of the attacker. Do not use it in production.', appSees: '401 `signed_out`', shownBy: cookies('attack-cookie-tossing-without-a-prefix') },
  { failure: 'An attacker plants the cookie of their own session (fixation).', happens: 'A sign-in draws another id, and ends the planted session.', appSees: 'The session of the user', shownBy: cookies('attack-session-fixation') },
  { failure: 'A cookie is there twice, in quotes, encoded, in another case, oversized, or has the public name or the key of a session.', happens: 'It is no session.', appSees: '401 `signed_out`; 431 of Node beyond its limit', shownBy: raw('attack-cookies') },
  { failure: 'A path has `//`, `..`, `%2f`, a backslash, a parameter, or is in absolute form.', happens: 'It is no address of the handler, or needs what each request of a page needs.', appSees: '403, 404 or 405', shownBy: raw('attack-paths') },
  { failure: 'A header is folded, has a line feed, is there twice, or is in the value of another one.', happens: 'It is no header of a page.', appSees: '400 of Node, or 403', shownBy: raw('attack-header-injection') },
  { failure: 'A body stops halfway.', happens: 'Nothing is refreshed, and other requests of the session go on.', appSees: 'Nothing, or 400', shownBy: raw('attack-unfinished-body') },
];
