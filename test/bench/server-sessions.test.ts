import { describe, expect, it, vi } from 'vitest';
import { AuthoritySessions } from '../../bench/sessions/authority/sessions.ts';
import { CookieJar } from '../../bench/sessions/browser/jar.ts';

function createAuthority(): AuthoritySessions {
  let issued = 0;
  const claims = Buffer.from(JSON.stringify({ exp: Date.now() / 1000 + 3600 })).toString('base64url');
  const tokens = { jwks: { keys: [] }, accessToken: async () => `header.${claims}.${(issued += 1)}`, idToken: async () => 'id', refreshToken: () => `refresh-${(issued += 1)}` };
  return new AuthoritySessions(tokens, () => 'https://issuer.example');
}

describe('the authorization server of the server benchmark', () => {
  it('ends the session when a refresh token is sent twice', async () => {
    const authority = createAuthority();
    const first = await authority.begin();
    const second = await authority.refresh(first.refreshToken);
    expect(authority.userOf(second!.accessToken)).toBe('user-1');
    expect(await authority.refresh(first.refreshToken)).toBeNull();
    expect(authority.userOf(second!.accessToken)).toBeNull();
    expect(await authority.refresh(second!.refreshToken)).toBeNull();
    expect(authority.counts.reuses).toBe(1);
  });

  it('answers a repeat within the grace with the same new tokens', async () => {
    const authority = createAuthority();
    authority.behaviour.graceMs = 10_000;
    const { refreshToken } = await authority.begin();
    const [one, two] = await Promise.all([authority.refresh(refreshToken), authority.refresh(refreshToken)]);
    expect(one).toEqual(two);
    expect(authority.counts.reuses).toBe(0);
  });

  it('lets the API reject an access token early, and accepts the next one', async () => {
    const authority = createAuthority();
    const first = await authority.begin();
    await authority.rejectAccessTokens();
    expect(authority.userOf(first.accessToken)).toBeNull();
    expect(authority.userOf((await authority.refresh(first.refreshToken))!.accessToken)).toBe('user-1');
  });
});

describe('the cookie jar of the server benchmark', () => {
  it('keeps the cookie of the last answer, and removes expired and empty ones', () => {
    const jar = new CookieJar();
    jar.accept(['a=1; Path=/', 'b=2; Max-Age=60', 'c=3; Expires=Thu, 01 Jan 2099 00:00:00 GMT']);
    jar.accept(['a=4', 'b=; Max-Age=0', 'd=']);
    expect(jar.header()).toBe('a=4; c=3');
  });

  it('forgets a cookie when its time is over', () => {
    vi.useFakeTimers();
    const jar = new CookieJar();
    jar.accept(['a=1; Max-Age=60']);
    vi.advanceTimersByTime(61_000);
    expect(jar.names()).toEqual([]);
    vi.useRealTimers();
  });

  it('refuses a cookie of more than 4,096 bytes, and keeps the former one', () => {
    const jar = new CookieJar();
    jar.accept(['session=1']);
    jar.accept([`session=${'x'.repeat(4096)}`]);
    expect(jar.header()).toBe('session=1');
    expect([...jar.refused]).toEqual(['session']);
  });
});
