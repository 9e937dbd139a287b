import { createAuthClient } from 'unexpired';
import { bonfire } from 'unexpired/bonfire';
import { createActivity } from './activity.ts';
import { countEvents } from './event-counter.ts';
import { API_URL, APP_KEY } from './environment.ts';
import { narrateSession } from './session-narrator.ts';

export const protocol = bonfire({ baseUrl: API_URL, appKey: APP_KEY });

/** The one client of this page. */
export const auth = createAuthClient({ protocol });

/** What this tab has done so far, for the strip at the top. */
export const activity = createActivity();

narrateSession(auth, activity);
countEvents(auth, activity);
