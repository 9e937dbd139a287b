import { createAuthClient } from 'unexpired';
import { bonfire } from 'unexpired/bonfire';
import { createActivity } from './activity.ts';
import { logCalls } from './call-log.ts';
import { API_URL, APP_KEY, PLACE } from './environment.ts';
import { logSession } from './session-log.ts';

const cookie = { refreshToken: 'cookie', hintCookie: 'bonfire_session', signOutPath: '/sign-out' } as const;

export const protocol = bonfire({ baseUrl: API_URL, appKey: APP_KEY, ...(PLACE === 'cookie' && cookie) });

/** The only client of this page. */
export const auth = createAuthClient({ protocol });

/** The counts and events of this tab since it was loaded. */
export const activity = createActivity();

logSession(auth, activity);
logCalls(auth, activity);
