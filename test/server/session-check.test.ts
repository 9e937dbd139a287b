import { describe, expect, it } from 'vitest';
import { createInstances, requestWith, type Instances } from './support/instances.ts';

const APP = 'https://app.example.com';

const ask = ({ world, start }: Instances, setCookie: string, path = '/auth/session', sessions = start()) =>
  world.until(sessions.handler(requestWith(setCookie, APP + path, { method: 'POST', headers: { 'x-csrf': '1', 'sec-fetch-site': 'same-origin' } })));

describe('POST /auth/session', () => {
  it('answers the public name of the session, its user and the time, and no token', async () => {
    const setup = createInstances();
    const { session, setCookie } = await setup.world.until(setup.start().signIn(setup.server.grant('ann')));
    const answer = await ask(setup, setCookie);
    expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('set-cookie')]).toEqual([200, 'no-store', null]);
    expect(await answer.json()).toEqual({ session: session.snapshot().session, subject: 'ann', issuedAt: setup.world.now() });
    expect(session.snapshot().session).toMatch(/^[\w-]{22}$/);
  });

  // claim: server-public-name
  it('names a session by the same text on all instances, and another session by another text', async () => {
    const setup = createInstances();
    const [one, other] = [setup.start(), setup.start()];
    const first = await setup.world.until(one.signIn(setup.server.grant('ann')));
    const second = await setup.world.until(one.signIn(setup.server.grant('ann')));
    const name = first.session.snapshot().session;
    expect((await setup.world.until(other.of(requestWith(first.setCookie)))).snapshot().session).toBe(name);
    expect(second.session.snapshot().session).not.toBe(name);
    expect(first.setCookie).not.toContain(name);
    expect((await setup.world.until(one.of(requestWith(`__Host-session=${name}`)))).snapshot()).toMatchObject({ status: 'signedOut', session: null });
  });

  it('answers 401 with the reason if the session has ended, and leaves the cookie', async () => {
    const setup = createInstances();
    const sessions = setup.start();
    const { session, setCookie } = await setup.world.until(sessions.signIn(setup.server.grant('ann')));
    setup.server.fault = () => Response.json({ error: 'invalid_grant' }, { status: 400 });
    await setup.world.advance(setup.server.lifetimeMs);
    await expect(setup.world.until(session.fetch('https://api.example.com/posts'))).rejects.toMatchObject({ code: 'session_ended' });
    const answer = await ask(setup, setCookie);
    expect([answer.status, await answer.json(), answer.headers.get('set-cookie')]).toEqual([401, { error: 'signed_out', endReason: 'refresh_token_invalid' }, null]);
  });

  it.each([['without a cookie', 'other=1'], ['with the cookie of no session', `__Host-session=${'A'.repeat(43)}`]])('answers 401 %s', async (_, cookie) => {
    const answer = await ask(createInstances(), cookie);
    expect([answer.status, await answer.json()]).toEqual([401, { error: 'signed_out' }]);
  });

  it('answers 503 with Retry-After while the store is down, and keeps the session', async () => {
    const setup = createInstances();
    const { setCookie } = await setup.world.until(setup.start().signIn(setup.server.grant('ann')));
    const broken = setup.start({ store: { ...setup.store, read: () => Promise.reject(new Error('down')) } });
    const answer = await ask(setup, setCookie, '/auth/session', broken);
    expect([answer.status, await answer.json(), answer.headers.get('retry-after')]).toEqual([503, { error: 'storage_unavailable' }, '1']);
    expect((await ask(setup, setCookie)).status).toBe(200);
  });
});
