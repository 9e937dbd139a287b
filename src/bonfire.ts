export { bonfire, type BonfireConfig, type BonfireProtocol } from './protocols/bonfire/bonfire.ts';
export { fromAccessTokenObject, type AccessTokenObject } from './protocols/bonfire/access-token-object.ts';
