import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, jwtVerify, type JWK } from 'jose';
import { Provider } from 'oidc-provider';
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js';
import { listen } from '../../browsers/server/listening.ts';
import { API, APP, CLIENT_ID, ISSUER, LIFETIME_S, PATHS, REDIRECT_URI, type AuthorizationServer } from './authorization-server.ts';

// The provider needs Node 22 for this; the oldest Node that we support lacks it.
URL.parse ??= (url, base) => (URL.canParse(url, base) ? new URL(url, base) : null);

/** Making a key takes longer than a test, so all providers of a process sign with the same one. */
let keyPair: ReturnType<typeof generateKeyPair> | undefined;

export interface OidcProvider extends AuthorizationServer {
  /** Sends the back-channel logout of a user to the app. */
  readonly signOutUser: (user: string) => Promise<void>;
  /** Resolves to the key that signs its tokens. */
  readonly signingKey: () => Promise<CryptoKey>;
}

/** Starts `oidc-provider`, with changed features and settings. Refresh tokens rotate, and a refresh token that is sent twice ends the grant. */
export async function startOidcProvider(accessTokenFormat: 'opaque' | 'jwt', features: Readonly<Record<string, unknown>> = {}, client: Readonly<Record<string, unknown>> = {}, settings: Readonly<Record<string, unknown>> = {}): Promise<OidcProvider> {
  const { privateKey, publicKey } = await (keyPair ??= generateKeyPair('RS256', { extractable: true }));
  const provider = new Provider(ISSUER, { ...configurationOf(accessTokenFormat, await exportJWK(privateKey), features, client), ...settings });
  provider.proxy = true; // TLS ends in front of it.
  const handle = provider.callback();
  const server = createServer((request, response) => void (request.url?.startsWith('/interaction/') ? interact(provider, request, response) : handle(request, response)));
  const live = new Map<string, { readonly destroy: () => Promise<void> }>();
  provider.on('access_token.saved', (token) => live.set(token.jti, token));
  provider.on('access_token.issued', (token) => live.set(token.jti, token));

  async function isValid(token: string): Promise<boolean> {
    if (accessTokenFormat === 'opaque') return (await provider.AccessToken.find(token)) !== undefined;
    const verified = await jwtVerify(token, publicKey, { issuer: ISSUER, audience: API, typ: 'at+jwt' }).catch(() => null);
    return verified !== null && live.has(verified.payload.jti ?? '');
  }

  return {
    ...(await listen(server)),
    scope: 'openid offline_access',
    outlivesGrant: accessTokenFormat === 'jwt',
    async challenge(authorization) {
      const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
      if (token === undefined) return 'Bearer realm="api"';
      return (await isValid(token)) ? null : 'Bearer realm="api", error="invalid_token", error_description="expired, \\"revoked\\" or unknown"';
    },
    async revokeAccessTokens() {
      for (const token of live.values()) if (accessTokenFormat === 'opaque') await token.destroy();
      live.clear();
    },
    signOutUser: async (user) => (await provider.Client.find(CLIENT_ID))?.backchannelLogout(user, 'a-session-of-the-provider'),
    signingKey: async () => privateKey,
  };
}

function configurationOf(accessTokenFormat: 'opaque' | 'jwt', key: JWK, features: Readonly<Record<string, unknown>>, client: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const resource = { scope: 'openid offline_access', audience: API, accessTokenTTL: LIFETIME_S, accessTokenFormat, jwt: { sign: { alg: 'RS256' } } };
  return {
    adapter: createMemoryAdapter(),
    jwks: { keys: [{ ...key, alg: 'RS256', use: 'sig' }] },
    clients: [{ client_id: CLIENT_ID, token_endpoint_auth_method: 'none', redirect_uris: [REDIRECT_URI], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], post_logout_redirect_uris: [`${APP}/`, `${APP}/bye`], backchannel_logout_uri: `${APP}/auth/back-channel-logout`, ...client }],
    routes: PATHS,
    scopes: ['openid', 'offline_access'],
    cookies: { keys: ['a key of this test'] },
    rotateRefreshToken: true,
    findAccount: (_: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub }) }),
    clientBasedCORS: (_: unknown, origin: string) => origin === APP,
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    ttl: { AccessToken: LIFETIME_S, AuthorizationCode: 60, IdToken: 3600, RefreshToken: 86_400, Grant: 86_400, Session: 86_400, Interaction: 600 },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      revocation: { enabled: true, allowedPolicy: (_: unknown, client: { clientId: string }, token: { clientId: string }) => client.clientId === token.clientId },
      resourceIndicators: { enabled: true, defaultResource: () => API, useGrantedResource: () => true, getResourceServerInfo: () => resource },
      ...features,
    },
  };
}

/** Acts as a user who logs in, as `login_hint` says, and grants all requested scopes. */
async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, session, params } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: params.login_hint ?? 'ada' } });
  const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: CLIENT_ID });
  grant.addOIDCScope((prompt.details.missingOIDCScope ?? []).join(' '));
  for (const [resource, scopes] of Object.entries(prompt.details.missingResourceScopes ?? {})) grant.addResourceScope(resource, scopes.join(' '));
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}
