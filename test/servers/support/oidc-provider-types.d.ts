/** The members that the tests use, because the package has no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface AccessToken {
    readonly jti: string;
    readonly destroy: () => Promise<void>;
  }

  interface Grant {
    readonly addOIDCScope: (scope: string) => void;
    readonly addResourceScope: (resource: string, scope: string) => void;
    readonly save: () => Promise<string>;
  }

  interface Interaction {
    readonly prompt: {
      readonly name: string;
      readonly details: { readonly missingOIDCScope?: string[]; readonly missingResourceScopes?: Readonly<Record<string, string[]>> };
    };
    readonly session?: { readonly accountId: string };
    readonly params: { readonly login_hint?: string };
  }

  export class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    proxy: boolean;
    readonly AccessToken: { readonly find: (token: string) => Promise<AccessToken | undefined> };
    readonly Client: { readonly find: (id: string) => Promise<{ readonly backchannelLogout: (sub: string, sid: string) => Promise<void> } | undefined> };
    readonly Grant: new (of: { readonly accountId: string; readonly clientId: string }) => Grant;
    readonly callback: () => (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    readonly on: (event: 'access_token.saved' | 'access_token.issued', listener: (token: AccessToken) => void) => void;
    readonly interactionDetails: (request: IncomingMessage, response: ServerResponse) => Promise<Interaction>;
    readonly interactionFinished: (request: IncomingMessage, response: ServerResponse, result: Readonly<Record<string, unknown>>) => Promise<void>;
  }
}

declare module 'oidc-provider/lib/adapters/memory_adapter.js' {
  /** Creates an adapter that only this provider uses. */
  export function createMemoryAdapter(): unknown;
}
