import { bonfire } from 'unexpired/bonfire';
import type { Protocol } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { describe, expect, it } from 'vitest';
import { createCookieSetup } from '../support/cookie-setup.ts';
import { BASE_URL, createSetup, rejection } from '../support/setup.ts';

const SETTINGS = { tokenEndpoint: `${BASE_URL}/oauth`, clientId: 'app', resourceOrigins: [new URL(BASE_URL).origin], baseUrl: BASE_URL };

/** Opens clients in one tab, makes calls that the API answers with a 401, and returns the tab's warnings. */
async function warningsOf(protocol: Protocol, { headers = {}, clients = 1 }: { headers?: Record<string, string>; clients?: number } = {}): Promise<readonly string[]> {
  const setup = createSetup();
  const tab = setup.world.openTab();
  const platform = { ...tab.platform, fetch: async () => new Response('{"error":"unauthorized"}', { status: 401, headers }) };
  for (let client = 0; client < clients; client++) {
    const { auth } = setup.open({ protocol, platform });
    await setup.world.until(auth.signIn({ accessToken: 'a', expiresAt: null, scopes: [] }));
    for (let call = 0; call < 3; call++) expect((await setup.world.until(auth.fetch('/posts'))).status).toBe(401);
  }
  return tab.warnings;
}

describe('a 401 of an API that does not expose WWW-Authenticate', () => {
  it('prints one warning in each client, which names the header and the setting', async () => {
    const warnings = await warningsOf(oauth2(SETTINGS), { clients: 2 });
    expect(warnings).toHaveLength(2);
    for (const text of warnings) {
      expect(text).toContain('answered 401 without a readable `WWW-Authenticate` header');
      expect(text).toContain('`Access-Control-Expose-Headers: WWW-Authenticate`');
      expect(text).toContain('pass `isRejection`');
    }
  });

  it('prints no warning when `isRejection` reads the answer instead', async () => {
    expect(await warningsOf(oauth2({ ...SETTINGS, isRejection: () => false }))).toEqual([]);
  });

  it('prints no warning with bonfire, which reads the error code in the body', async () => {
    expect(await warningsOf(bonfire({ baseUrl: BASE_URL, appKey: 'app-key' }))).toEqual([]);
  });
});

it('a 401 with a readable WWW-Authenticate header prints no warning', async () => {
  expect(await warningsOf(oauth2(SETTINGS), { headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' } })).toEqual([]);
});

describe('a session whose first refresh after the sign-in finds no cookie', () => {
  it.each(['refuse', 'empty'] as const)('ends with a warning that says what to check, if the API answers `%s`', async (withoutCookie) => {
    const setup = createCookieSetup({ cookie: { withoutCookie } });
    setup.jar.blocked = true;
    const { auth, tab } = await setup.openSignedIn();
    await setup.world.until(rejection(auth.refresh()));
    expect(auth.getSnapshot().status).toBe('signedOut');
    expect(tab.warnings).toEqual([expect.stringMatching(/the browser did not store or send the cookie.*`credentials: "include"`.*`SameSite`.*third-party cookies/)]);
  });

  it('ends without a warning if its cookie has worked before, and if no user has signed in', async () => {
    const setup = createCookieSetup();
    const visitor = setup.open();
    await setup.world.until(visitor.auth.ready());
    const { auth, tab } = await setup.openSignedIn();
    await setup.world.until(auth.refresh());
    setup.jar.clear();
    await setup.world.until(rejection(auth.refresh()));
    expect(auth.getSnapshot().status).toBe('signedOut');
    expect([...visitor.tab.warnings, ...tab.warnings]).toEqual([]);
  });
});
