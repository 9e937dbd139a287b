import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { manifest, packedFiles, root, run } from './support/package.ts';

/** Runs code in a new process, where the package's name resolves to the build as it does for a user. */
function runOnBuild(code: string): string {
  return run(process.execPath, ['--input-type=module', '-e', code]).trim();
}

// claim: two-runtime-dependencies
it('the package has exactly two runtime dependencies', () => {
  expect(Object.keys(manifest.dependencies)).toEqual(['idb-keyval', 'jwt-decode']);
});

it('every entry point names its types first, and its files are in the tarball', () => {
  const paths = packedFiles();
  for (const entry of Object.values(manifest.exports)) {
    if (typeof entry === 'string') continue;
    expect(Object.keys(entry)[0]).toBe('types');
    for (const file of Object.values(entry)) expect(paths).toContain(file.slice(2));
  }
});

it('the entry points export exactly the public names', () => {
  const names = JSON.parse(runOnBuild(`
    const names = {};
    for (const entry of ['unexpired', 'unexpired/core', 'unexpired/bonfire', 'unexpired/oauth2', 'unexpired/apis', 'unexpired/dpop', 'unexpired/redirect', 'unexpired/redirect/react', 'unexpired/via-server', 'unexpired/query', 'unexpired/devtools', 'unexpired/server', 'unexpired/server/file', 'unexpired/server/postgres', 'unexpired/server/redis', 'unexpired/server/testing', 'unexpired/testing', 'unexpired/testing/react', 'unexpired/testing/msw', 'unexpired/testing/playwright']) names[entry] = Object.keys(await import(entry)).sort();
    console.log(JSON.stringify(names));
  `)) as Record<string, string[]>;
  const core = ['AuthError', 'browserPlatform', 'classifyFailure', 'createAuthClient', 'createSessionSignal', 'createTokenReplacer', 'decodeClaims', 'defineGrant', 'defineProtocol', 'encrypted', 'fromLocalStorage', 'holdCalls', 'inCookie', 'indexedDB', 'invalidResponse', 'limitSession', 'memory', 'observe', 'requestTokens', 'restoreSession', 'sessionLimitsOf', 'sessionStorage'];
  const react = ['AuthProvider', 'SessionEndWarning', 'SessionLost', 'SignedIn', 'SignedInOrHeld', 'SignedOut', 'useAccessToken', 'useAuth', 'useAuthedFetch', 'useSessionEnd', 'useSuspenseAccessToken', 'useUser'];
  const query = ['AuthQueryProvider', 'authRetry', 'authRetryDelay', 'authedPersister', 'authedQueryOptions', 'bindQueryClient', 'useAuthedInfiniteQuery', 'useAuthedMutation', 'useAuthedQuery', 'useAuthedSuspenseQuery', 'useSessionId'];
  expect(names).toEqual({
    unexpired: [...core, ...react].sort(),
    'unexpired/core': core,
    'unexpired/bonfire': ['bonfire', 'createBotTokens', 'fromAccessTokenObject'],
    'unexpired/oauth2': ['fromTokenResponse', 'oauth2'],
    'unexpired/apis': ['handleStepUp', 'withApis'],
    'unexpired/dpop': ['boundTo', 'dpop'],
    'unexpired/redirect': ['browserWindow', 'createRedirectSignIn'],
    'unexpired/redirect/react': ['RedirectCallback', 'useSignIn'],
    'unexpired/via-server': ['serverSignIn', 'viaServer', 'watchServer'],
    'unexpired/query': query,
    'unexpired/devtools': ['AuthDevtools'],
    'unexpired/server': ['AuthError', 'createSessions', 'errorResponse', 'memory', 'serverPlatform'],
    'unexpired/server/file': ['file'],
    'unexpired/server/postgres': ['postgres', 'postgresSchema'],
    'unexpired/server/redis': ['redis'],
    'unexpired/server/testing': ['checkStoreContract'],
    'unexpired/testing': ['ConnectionDrop', 'buildJwt', 'buildTokenSet', 'checkStorageContract', 'createBonfireApi', 'createCookieJar', 'createTestClock', 'isConnectionDrop', 'simulate'],
    'unexpired/testing/react': ['renderWithAuth'],
    'unexpired/testing/msw': ['bonfireHandlers'],
    'unexpired/testing/playwright': ['bonfireFixtures'],
  });
});

it('the query hooks find the AuthProvider of the main entry point, because both share one context', () => {
  expect(runOnBuild(`
    import { createElement as h } from 'react';
    import { renderToString } from 'react-dom/server';
    import { QueryClient } from '@tanstack/react-query';
    import { AuthProvider, createAuthClient } from 'unexpired';
    import { bonfire } from 'unexpired/bonfire';
    import { AuthQueryProvider, useAuthedQuery } from 'unexpired/query';
    const client = createAuthClient({ protocol: bonfire({ baseUrl: 'https://api.bonfire.test/v1', appKey: 'k' }) });
    const Me = () => useAuthedQuery({ queryKey: ['me'], queryFn: () => 'me' }).fetchStatus;
    console.log(renderToString(h(AuthProvider, { client }, h(AuthQueryProvider, { queryClient: new QueryClient() }, h(Me)))));
  `)).toBe('idle');
});

// claim: import-has-no-effect
it('importing the package reads no browser global and adds none', () => {
  const output = runOnBuild(`
    const touched = [];
    for (const name of ['fetch', 'setTimeout', 'setInterval', 'indexedDB', 'localStorage', 'BroadcastChannel', 'document', 'window', 'navigator']) {
      const value = globalThis[name];
      Object.defineProperty(globalThis, name, { configurable: true, get: () => { touched.push(name); return value; } });
    }
    const before = new Set(Reflect.ownKeys(globalThis));
    await import('./dist/core.js'); await import('./dist/bonfire.js'); await import('./dist/oauth2.js');
    const added = Reflect.ownKeys(globalThis).filter((key) => !before.has(key));
    const own = touched.filter((name) => name !== 'setTimeout'); // Node's module loader may set timers itself.
    console.log(JSON.stringify({ own, added }));
  `);
  expect(JSON.parse(output)).toEqual({ own: [], added: [] });
});

it('the React entry points start with "use client", and the core does not import React', () => {
  for (const entry of ['index', 'query', 'devtools']) expect(readFileSync(join(root, `dist/${entry}.js`), 'utf8')).toMatch(/^["']use client["'];/);
  expect(runOnBuild(`
    import { register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent("export function resolve(name, context, next) { if (/^react/.test(name)) throw new Error('react was imported'); return next(name, context); }"));
    const { createAuthClient } = await import('unexpired/core');
    console.log(typeof createAuthClient);
  `)).toBe('function');
});
