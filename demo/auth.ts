import { browserPlatform, createAuthClient } from 'unexpired';
import { bonfire } from 'unexpired/bonfire';
import { createActivity } from './activity.ts';
import { countCalls } from './call-counter.ts';
import { API_URL, APP_KEY } from './environment.ts';
import { watchGrants } from './grant-watch.ts';
import { narrateSession } from './session-narrator.ts';

export const protocol = bonfire({ baseUrl: API_URL, appKey: APP_KEY });

/** What this tab has done so far, for the strip at the top. */
export const activity = createActivity();

const grants = watchGrants(browserPlatform(), API_URL, () => activity.add({ refreshRequests: 1 }));

/** The one client of this page; everything above is for watching it. */
export const auth = createAuthClient({ protocol, platform: grants.platform });

countCalls(auth, activity);
narrateSession(auth, activity, grants);
