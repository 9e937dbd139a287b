import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

const DAY = 24 * 60 * 60_000;

async function signedIn(config: Parameters<ReturnType<typeof createInstances>['start']>[0] = {}) {
  const setup = createInstances();
  const sessions = setup.start(config);
  const { setCookie } = await setup.world.until(sessions.signIn(setup.server.grant('ann')));
  return { ...setup, sessions, setCookie };
}

describe('a sign-in', () => {
  // claim: server-cookie
  it('sets one cookie of less than 100 bytes that has a random id and no token', async () => {
    const { setCookie } = await signedIn();
    expect(setCookie).toMatch(/^__Host-session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
    expect(setCookie.split(';')[0]!.length).toBeLessThan(100);
    expect(setCookie).not.toContain('ann');
  });

  // claim: server-new-id-at-sign-in
  it('draws another id each time, and ends the session that the browser had before', async () => {
    const { world, server, sessions, setCookie } = await signedIn();
    const second = await world.until(sessions.signIn(server.grant('bob'), requestWith(setCookie)));
    expect(second.setCookie).not.toBe(setCookie);
    const [former, next] = await world.until(Promise.all([sessions.of(requestWith(setCookie)), sessions.of(requestWith(second.setCookie))]));
    expect(former.snapshot()).toMatchObject({ status: 'signedOut' });
    expect(next.snapshot()).toMatchObject({ status: 'signedIn', subject: 'bob' });
    await world.advance(100);
    expect(server.revoked).toContain('ann-refresh-1');
  });

  it('revokes no tokens if the same user signs in again, because some servers then end the new session, too', async () => {
    const { world, server, sessions, setCookie } = await signedIn();
    await world.until(sessions.signIn(server.grant('ann'), requestWith(setCookie)));
    const former = await world.until(sessions.of(requestWith(setCookie)));
    expect(former.snapshot().status).toBe('signedOut');
    expect(server.revoked).toEqual([]);
  });

  it('fails with storage_unavailable if the store cannot keep the session, and revokes the tokens', async () => {
    const { world, server, store, start } = createInstances();
    const sessions = start({ store: { ...store, insert: () => Promise.reject(new Error('no connection')) } });
    await expect(world.until(sessions.signIn(server.grant('ann')))).rejects.toMatchObject({ code: 'storage_unavailable', transient: true });
    await world.advance(1000);
    expect(server.revoked).toContain('ann-refresh-1');
  });
});

describe('a session', () => {
  // claim: server-idle-end
  it('ends when no request has used it for idleMs', async () => {
    const { world, server, sessions, setCookie } = await signedIn({ idleMs: DAY, absoluteMs: 30 * DAY });
    server.lifetimeMs = 60 * DAY;
    for (let day = 0; day < 5; day++) {
      await world.advance(0.9 * DAY);
      expect((await world.until(sessions.of(requestWith(setCookie)))).snapshot().status).toBe('signedIn');
    }
    await world.advance(1.1 * DAY);
    expect((await world.until(sessions.of(requestWith(setCookie)))).snapshot().status).toBe('signedOut');
  });

  // claim: server-absolute-end
  it('ends after absoluteMs, however often it is used', async () => {
    const { world, sessions, setCookie } = await signedIn({ idleMs: DAY, absoluteMs: 3 * DAY });
    for (let day = 0; day < 3; day++) {
      await world.advance(0.9 * DAY);
      expect((await world.until(sessions.of(requestWith(setCookie)))).snapshot().status).toBe('signedIn');
    }
    await world.advance(0.4 * DAY);
    expect((await world.until(sessions.of(requestWith(setCookie)))).snapshot().status).toBe('signedOut');
  });

  // claim: server-forged-cookie
  it.each([
    ['of no session', '__Host-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['that is truncated', '__Host-session=abc'],
    ['with other characters', '__Host-session=../../../../etc/passwd'],
    ['of another app', 'session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; theme=dark'],
    ['of 64 kB', `__Host-session=${'A'.repeat(65_536)}`],
    ['with 5,000 names', Array.from({ length: 5000 }, (_, index) => `c${index}=1`).join('; ')],
    ['that is empty', ''],
  ])('is signed out for a cookie %s', async (_, cookie) => {
    const { world, sessions } = await signedIn();
    const session = await world.until(sessions.of(new Request('https://app.example.com/', { headers: { cookie, 'sec-fetch-site': 'same-origin' } })));
    expect(session.snapshot()).toEqual({ status: 'signedOut', session: null, subject: null, expiresAt: null, endReason: null });
    await expect(world.until(session.fetch('/posts'))).rejects.toMatchObject({ code: 'signed_out' });
  });

  // claim: server-forged-cookie-not-looked-up
  it('is not looked up for a cookie that no sign-in can have set', async () => {
    const { world, sessions, trips } = await signedIn();
    trips.length = 0;
    await world.until(sessions.of(new Request('https://app.example.com/', { headers: { cookie: `__Host-session=${'A'.repeat(65_536)}` } })));
    expect(trips).toEqual([]);
  });
});
