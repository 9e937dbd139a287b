import { createAuthClient, inCookie, type Grant } from 'unexpired';
import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { serverSignIn, viaServer, watchServer } from 'unexpired/via-server';
import { createActivity } from './activity.ts';
import { logCalls } from './call-log.ts';
import { API_URL, APP_KEY, PLACE } from './environment.ts';
import { createSessionLimits } from './session-limits.ts';
import { logSession } from './session-log.ts';

const cookie = { refreshToken: inCookie({ hintCookie: 'bonfire_session' }), signOutPath: '/sign-out' };

const direct = bonfire({ baseUrl: API_URL, appKey: APP_KEY, ...(PLACE === 'cookie' && cookie) });
const onServer = viaServer();

/** The only client of this page. */
export const auth = createAuthClient({ protocol: PLACE === 'server' ? onServer : direct });

if (PLACE === 'server') watchServer(auth);

/** The idle limit of the session, and whether calls are held. */
export const sessionLimits = createSessionLimits(auth);

/** Creates the grant that signs a bot in. */
export const grantOf = (botId: string): Grant => (PLACE === 'server' ? serverSignIn(onServer, { botId }) : createBotTokens(direct, [botId]));

/** The counts and events of this tab since it was loaded. */
export const activity = createActivity();

logSession(auth, activity);
logCalls(auth, activity);
