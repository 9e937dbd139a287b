import { createAuthClient } from 'unexpired';
import { bonfire } from 'unexpired/bonfire';
import { createActivity } from './activity.ts';
import { logCalls } from './call-log.ts';
import { API_URL, APP_KEY } from './environment.ts';
import { logSession } from './session-log.ts';

export const protocol = bonfire({ baseUrl: API_URL, appKey: APP_KEY });

/** The only client of this page. */
export const auth = createAuthClient({ protocol });

/** The counts and events of this tab since it was loaded. */
export const activity = createActivity();

logSession(auth, activity);
logCalls(auth, activity);
