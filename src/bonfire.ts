export { bonfire, type BonfireConfig, type BonfireProtocol } from './protocols/bonfire/bonfire.ts';
