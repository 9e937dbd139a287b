import type { EndpointContext, TokenEndpoint } from '../endpoint/token-endpoint.ts';
import type { Observers } from '../events/observers.ts';
import type { Origins } from '../model/origins.ts';
import type { Protocol } from '../model/protocol.ts';
import type { Platform } from '../platform/platform.ts';

/** The settings and services that all parts of one client share. */
export interface ClientContext extends Pick<EndpointContext, 'requestTurn'> {
  readonly platform: Platform;
  readonly protocol: Protocol;
  readonly origins: Origins;
  readonly askTokenEndpoint: TokenEndpoint;
  readonly observers: Observers;
  /** Names the session's record, locks and messages in all tabs. */
  readonly key: string;
  /** Where access tokens are kept: in storage, for all tabs, in the memory of each tab, or on a server. */
  readonly accessToken: 'stored' | 'memory' | 'server';
  /** The longest time before expiry at which a refresh is due, ms. */
  readonly leadMs: number;
  /** When a session ends whose refresh token the API refuses. */
  readonly endWhen: 'refused' | 'token_expires';
  /** Aborts when the client is disposed. */
  readonly disposed: AbortSignal;
}
