const DID = 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa';
export const ISSUER = 'https://issuer.example';
const RESOURCE = 'https://pds.example';

/** The user's name in this network. */
export const USER_DID = DID as `did:plc:${string}`;

/** A network of ATPROTO in front of the authorization server: directory, resource and issuer have names, and tokens are for DPoP. */
export function networkFetch(authority: string): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const known = documentAt(url);
    if (known) return Response.json(known);
    const target = `${authority}${url.pathname}${url.search}`;
    const body = request.method === 'GET' ? undefined : await request.text();
    const response = await fetch(target, { method: request.method, headers: request.headers, redirect: request.redirect, ...(body !== undefined && { body }) });
    const text = await response.text();
    const headers = new Headers(response.headers);
    for (const name of ['transfer-encoding', 'content-length', 'connection', 'keep-alive']) headers.delete(name); // They are about the inner connection.
    const answer = text === '' ? null : JSON.stringify(translated(url, JSON.parse(text) as Record<string, unknown>, authority));
    return new Response(answer, { status: response.status, headers });
  };
}

function documentAt({ hostname, pathname }: URL): object | null {
  if (hostname === 'plc.directory') {
    const service = [{ id: '#atproto_pds', type: 'AtprotoPersonalDataServer', serviceEndpoint: RESOURCE }];
    return { '@context': ['https://www.w3.org/ns/did/v1'], id: DID, alsoKnownAs: [], verificationMethod: [], service };
  }
  if (pathname === '/.well-known/oauth-protected-resource') return { resource: RESOURCE, authorization_servers: [ISSUER] };
  return null;
}

function translated(url: URL, body: Record<string, unknown>, authority: string): Record<string, unknown> {
  if (url.pathname === '/token' && 'access_token' in body) {
    const { access_token, refresh_token, expires_in } = body;
    return { access_token, refresh_token, expires_in, token_type: 'DPoP', scope: 'atproto', sub: DID };
  }
  if (url.pathname !== '/.well-known/oauth-authorization-server') return body;
  const metadata = JSON.parse(JSON.stringify(body).replaceAll(authority, ISSUER)) as Record<string, unknown>;
  return { ...metadata, client_id_metadata_document_supported: true, dpop_signing_alg_values_supported: ['ES256'], scopes_supported: ['atproto'] };
}
