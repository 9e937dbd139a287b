import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { customFetch, validateJwtAccessToken, allowInsecureRequests } from 'oauth4webapi';
import { decodeJwt } from 'jose';
import { listen, type Listening } from '../../browsers/server/listening.ts';
import { API, APP, ISSUER } from './authorization-server.ts';
import type { OidcProvider } from './oidc-provider.ts';

const { fetch } = globalThis; // Taken before any test replaces it.

const CORS = {
  'access-control-allow-origin': APP,
  'access-control-allow-headers': 'authorization, content-type, dpop',
  'access-control-expose-headers': 'WWW-Authenticate, DPoP-Nonce',
};

/** What an API of bound tokens has seen. */
export interface DpopApi extends Listening {
  /** The headers of the calls that it has accepted. */
  readonly accepted: { readonly url: string; readonly method: string; readonly authorization: string; readonly dpop: string }[];
  /** Makes the API require another nonce. */
  readonly changeNonce: () => void;
}

/** Starts an API that takes bound tokens only. `oauth4webapi` checks token and proof; the API requires a nonce, and accepts each proof once. */
export async function startDpopApi({ origin }: OidcProvider): Promise<DpopApi> {
  const used = new Set<string>();
  let nonce = 1;
  const server = { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` };
  const options = { requireDPoP: true, [allowInsecureRequests]: true, [customFetch]: () => fetch(`${origin}/jwks`) };

  async function problemOf(request: Request): Promise<string | null> {
    try {
      await validateJwtAccessToken(server, request, API, options);
    } catch (error) {
      const proof = request.headers.get('dpop');
      return proof && /proof/i.test(String((error as Error).message)) ? 'invalid_dpop_proof' : 'invalid_token';
    }
    const { jti = '', nonce: sent } = decodeJwt(request.headers.get('dpop') ?? '');
    if (sent !== `api-${nonce}`) return 'use_dpop_nonce';
    if (used.has(jti)) return 'invalid_dpop_proof';
    used.add(jti);
    return null;
  }

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(message);
    if (message.method === 'OPTIONS') return void response.writeHead(204, CORS).end();
    const { url = '', method = '' } = message;
    const { authorization = '', dpop = '' } = message.headers as Readonly<Record<string, string>>;
    const request = new Request(`${API}${url}`, { method, headers: { authorization, ...(dpop && { dpop }) } });
    const problem = await problemOf(request);
    const headers = { ...CORS, 'dpop-nonce': `api-${nonce}` };
    if (problem !== null) return void response.writeHead(401, { ...headers, 'www-authenticate': `DPoP error="${problem}", algs="ES256"` }).end();
    api.accepted.push({ url, method, authorization, dpop });
    response.writeHead(200, headers).end(body);
  }

  const api: DpopApi = { ...(await listen(createServer((request, response) => void serve(request, response)))), accepted: [], changeNonce: () => void nonce++ };
  return api;
}
