export { bonfire, type BonfireConfig, type BonfireProtocol } from './protocols/bonfire/bonfire.ts';
export { createBotTokens } from './protocols/bonfire/bot-tokens.ts';
export { fromAccessTokenObject, type AccessTokenObject } from './protocols/bonfire/access-token-object.ts';
