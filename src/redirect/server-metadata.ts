import { customFetch, discoveryRequest, processDiscoveryResponse, allowInsecureRequests, type AuthorizationServer } from 'oauth4webapi';
import { AuthError } from '../core/model/auth-error.ts';
import { asObject, parseObject } from '../core/model/json.ts';
import { withDeadline } from '../core/platform/deadline.ts';
import type { Sender } from '../core/model/proofs.ts';
import type { Platform } from '../core/platform/platform.ts';
import type { AuthStorage } from '../core/storage/storage.ts';
import { isLoopback } from './config.ts';
import { unreachable } from './redirect-error.ts';

/** The facts about an authorization server that a sign-in needs, under their names of RFC 8414. */
export interface ServerMetadata {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly pushed_authorization_request_endpoint?: string | undefined;
  readonly require_pushed_authorization_requests?: boolean | undefined;
  readonly end_session_endpoint?: string | undefined;
  readonly userinfo_endpoint?: string | undefined;
  readonly authorization_response_iss_parameter_supported?: boolean | undefined;
  readonly code_challenge_methods_supported?: readonly string[] | undefined;
  readonly id_token_signing_alg_values_supported?: readonly string[] | undefined;
}

const MEMBERS = [
  'issuer', 'authorization_endpoint', 'token_endpoint', 'pushed_authorization_request_endpoint', 'require_pushed_authorization_requests', 'end_session_endpoint',
  'userinfo_endpoint', 'authorization_response_iss_parameter_supported', 'code_challenge_methods_supported', 'id_token_signing_alg_values_supported',
] as const;

/** How long the metadata of a server is used without asking again, ms. */
const METADATA_LIFE_MS = 60 * 60_000;

/** How long a server may take to answer, ms. */
export const ANSWER_MS = 10_000;

/** Returns the metadata as oauth4webapi takes it. */
export function asServer(metadata: ServerMetadata): AuthorizationServer {
  return metadata as unknown as AuthorizationServer; // The only difference is `readonly`.
}

/** The parts of a request that oauth4webapi decides. */
interface RequestParts {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: BodyInit | null | undefined;
}

/** Returns the options of a request of oauth4webapi: it goes through the platform, or what proves its requests, and plain HTTP is for this device only. */
export function requestOptions(sender: Sender, issuer: string, signal: AbortSignal) {
  return {
    signal,
    [allowInsecureRequests]: isLoopback(issuer),
    [customFetch]: (url: string, { method, headers, body = null }: RequestParts) => sender.fetch(url, { method, headers, body, signal, credentials: 'omit', cache: 'no-store', redirect: 'error' }),
  };
}

interface DiscoveryContext {
  readonly platform: Platform;
  readonly storage: AuthStorage;
  readonly key: string;
}

/**
 * Creates the function that loads the metadata of an issuer. All tabs share the answer for an hour.
 *
 * It asks for the document of OpenID Connect Discovery first, and then for that of RFC 8414.
 */
export function createDiscovery({ platform, storage, key }: DiscoveryContext, issuer: string): () => Promise<ServerMetadata> {
  let loading: Promise<ServerMetadata> | null = null;

  async function load(): Promise<ServerMetadata> {
    const now = platform.now().wall;
    const stored = await storage.read(key).then(decoded, () => null); // A cache that cannot be read is an empty one.
    if (stored && stored.server.issuer === issuer && Math.abs(now - stored.loadedAt) < METADATA_LIFE_MS) return stored.server;
    const server = checked(issuer, await discover('oidc').catch((error: unknown) => (isOurs(error, 'grant_unavailable') ? Promise.reject(error) : discover('oauth2'))));
    void storage.update(key, () => JSON.stringify({ loadedAt: now, server })).catch(() => undefined); // A sign-in does not wait for its cache.
    return server;
  }

  async function discover(algorithm: 'oidc' | 'oauth2'): Promise<AuthorizationServer> {
    const url = new URL(issuer);
    const response = await withDeadline(platform, ANSWER_MS, (signal) => discoveryRequest(url, { algorithm, ...requestOptions(platform, issuer, signal) })).catch((error: unknown) => {
      throw unreachable(error, 'the discovery document', platform);
    });
    if (response.status >= 500 || response.status === 429) throw unreachable(null, 'the discovery document', platform);
    return processDiscoveryResponse(url, response).catch(() => {
      throw misfit(`${issuer} has no discovery document of this issuer (HTTP ${response.status}). Compare \`issuer\` with the document, or give \`endpoints\``);
    });
  }

  return () => (loading ??= load().catch((error: unknown) => {
    loading = null; // The next sign-in asks again.
    throw error;
  }));
}

/** Returns the members that a sign-in needs. */
function checked(issuer: string, found: AuthorizationServer): ServerMetadata {
  const { authorization_endpoint, token_endpoint, code_challenge_methods_supported: methods } = found;
  if (!authorization_endpoint || !token_endpoint) throw misfit(`The discovery document of ${issuer} lacks \`${authorization_endpoint ? 'token' : 'authorization'}_endpoint\``);
  if (methods && !methods.includes('S256')) throw misfit(`${issuer} does not support PKCE with S256; turn it on at the server`);
  const members = MEMBERS.map((name) => [name, found[name]] as const).filter(([, value]) => value !== undefined);
  for (const [name, value] of members) {
    if (name.endsWith('_endpoint') && new URL(`${value as string}`).protocol !== 'https:' && !isLoopback(issuer)) throw misfit(`\`${name}\` of ${issuer} is not https`);
  }
  return Object.fromEntries(members) as unknown as ServerMetadata;
}

function decoded(stored: unknown): { readonly loadedAt: number; readonly server: ServerMetadata } | null {
  const { loadedAt, server } = (typeof stored === 'string' && parseObject(stored)) || {};
  return typeof loadedAt === 'number' && asObject(server) ? { loadedAt, server: server as unknown as ServerMetadata } : null;
}

function misfit(problem: string): AuthError {
  return new AuthError('misconfigured', `${problem}.`, { field: 'issuer' });
}

function isOurs(error: unknown, code: AuthError['code']): boolean {
  return AuthError.is(error) && error.code === code;
}
