export { watchServer, type ServerEvents, type WatchOptions } from './core/watch-server.ts';
export { serverSignIn } from './protocols/via-server/server-sign-in.ts';
export { viaServer, type PageTokensConfig, type ServerTokensConfig, type ViaServerConfig, type ViaServerProtocol } from './protocols/via-server/via-server.ts';
