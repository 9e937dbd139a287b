import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { PEERS, type PeerName } from '../peers/names.ts';
import type { Setup } from './setup.ts';
import type { Table } from './table.ts';

/** The imports that a user writes for a client of each peer. */
const IMPORTS: Readonly<Partial<Record<PeerName, string>>> = {
  unexpired: "export { createAuthClient } from '../../dist/core.js'; export { oauth2 } from '../../dist/oauth2.js';",
  alova: "export { createAlova } from 'alova'; export { default as adapterFetch } from 'alova/fetch'; export { createServerTokenAuthentication } from 'alova/client';",
  'axios-auth-refresh': "export { default as axios } from 'axios'; export { createAuthRefresh } from 'axios-auth-refresh';",
  axa: "export { OidcClient } from '@axa-fr/oidc-client';",
  auth0: "export { createAuth0Client } from '@auth0/auth0-spa-js';",
  authkit: "export { createClient } from '@workos-inc/authkit-js';",
  badgateway: "export { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client';",
  keycloak: "export { default } from 'keycloak-js';",
  ky: "export { default } from 'ky';",
  msal: "export { PublicClientApplication } from '@azure/msal-browser';",
  multitab: "export { TokenService, fromJwt } from '@weareyipyip/multitab-token-refresh';",
  'oidc-client-ts': "export { UserManager, WebStorageStateStore } from 'oidc-client-ts';",
  okta: "export { OktaAuth } from '@okta/okta-auth-js';",
  supabase: "export { createClient } from '@supabase/supabase-js';",
  supertokens: "export { default } from 'supertokens-website';",
  urql: "export { Client, fetchExchange, gql } from '@urql/core'; export { authExchange } from '@urql/exchange-auth';",
};

/** The entry points of unexpired, by the import of a user. React and TanStack Query belong to the app. */
const ENTRIES: Readonly<Record<string, string>> = {
  'unexpired/core + bonfire': "export { createAuthClient } from '../../dist/core.js'; export { bonfire } from '../../dist/bonfire.js';",
  'unexpired/core + oauth2': "export { createAuthClient } from '../../dist/core.js'; export { oauth2 } from '../../dist/oauth2.js';",
  'unexpired + bonfire': "export { createAuthClient, AuthProvider, useAuth, useAccessToken, useAuthedFetch } from '../../dist/index.js'; export { bonfire } from '../../dist/bonfire.js';",
  'unexpired/query': "export * from '../../dist/query.js';",
  'unexpired/devtools in development': "export * from '../../dist/devtools.js';",
  'unexpired/devtools in production': "export * from '../../dist/devtools-off.js';",
};

/** The sign-in by redirect and the session after it, as each package's documentation imports them. */
const DOORS: Readonly<Record<string, { readonly title: string; readonly code: string }>> = {
  unexpired: { title: '**unexpired**, with `unexpired/redirect` and oauth4webapi', code: "export { createAuthClient } from '../../dist/core.js'; export { oauth2 } from '../../dist/oauth2.js'; export { createRedirectSignIn } from '../../dist/redirect.js';" },
  'oidc-client-ts': { title: 'oidc-client-ts 3.5.0', code: "export { UserManager, WebStorageStateStore } from 'oidc-client-ts';" },
  auth0: { title: '@auth0/auth0-spa-js 2.27.0', code: "export { createAuth0Client } from '@auth0/auth0-spa-js';" },
  keycloak: { title: 'keycloak-js 26.2.4', code: "export { default } from 'keycloak-js';" },
  'oidc-spa': { title: 'oidc-spa 10.2.11', code: "export { createOidc } from 'oidc-spa/core';" },
  msal: { title: '@azure/msal-browser 5.30.0', code: "export { PublicClientApplication } from '@azure/msal-browser';" },
};

interface Bytes {
  readonly min: number;
  readonly gzip: number;
  readonly brotli: number;
}

/** Measures the bytes of each with its dependencies, minified and compressed. */
export async function measureBytes({ choose }: Pick<Setup, 'choose'>): Promise<Table[]> {
  const columns = [
    { key: 'min', title: 'minified, kB', digits: 1 },
    { key: 'gzip', title: 'gzip, kB', digits: 2 },
    { key: 'brotli', title: 'brotli, kB', digits: 2, tolerance: 1.03 },
  ];
  const peers = await Promise.all(choose(Object.keys(IMPORTS) as PeerName[]).map(async (peer) => ({ peer, title: PEERS[peer].title, cells: { ...(await bytesOf(IMPORTS[peer] ?? '')) } })));
  const entries = await Promise.all(Object.entries(choose(['unexpired']).length > 0 ? ENTRIES : {}).map(async ([entry, code]) => ({ peer: entry, title: `\`${entry}\``, cells: { ...(await bytesOf(code)) } })));
  const doors = await Promise.all(choose(Object.keys(DOORS)).map(async (peer) => ({ peer, title: DOORS[peer]?.title ?? peer, cells: { ...(await bytesOf(DOORS[peer]?.code ?? '')) } })));
  return [
    { id: 'bytes', title: 'Bytes of a client', note: 'The import that a user writes, bundled and minified by esbuild. unexpired includes its OAuth 2.0 protocol, as in all tables. Wrappers written by hand are left out, because their size is up to you.', columns, rows: peers },
    { id: 'bytes-door', title: 'Bytes with the sign-in', note: 'The import for a sign-in by redirect and the session after it. oidc-spa is measured here only.', columns, rows: doors },
    { id: 'bytes-entries', title: 'Bytes of each entry point', note: '`react`, `react-dom` and `@tanstack/react-query` are not counted, because the app has them. `npm run size` bundles with other settings, which differ by up to 0.15 kB.', columns, rows: entries },
  ];
}

export async function bytesOf(contents: string): Promise<Bytes> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'js' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    external: ['react', 'react-dom', '@tanstack/react-query', '@angular/*', 'rxjs'],
    nodePaths: [fileURLToPath(new URL('../node_modules', import.meta.url))],
    define: { 'process.env.NODE_ENV': '"production"' },
    conditions: ['production', 'module'], // As bundlers set them when they build an app.
    logLevel: 'error',
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  return { min: code.length / 1000, gzip: gzipSync(code, { level: 9 }).length / 1000, brotli: brotliCompressSync(code).length / 1000 };
}
