import { createAuthClient } from 'unexpired';
import { bonfire, createBotTokens } from 'unexpired/bonfire';

const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });

export const auth = createAuthClient({ protocol });
export const logIn = (botId: string) => auth.signIn(createBotTokens(protocol, [botId]));
