import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

const MINUTE = 60_000;

async function onTwoInstances() {
  const setup = createInstances();
  const [first, second] = [setup.start(), setup.start()];
  const { session, setCookie } = await setup.world.until(first.signIn(setup.server.grant('ann')));
  return { ...setup, first, second, session, setCookie, request: requestWith(setCookie) };
}

describe('a sign-out', () => {
  // claim: server-sign-out-is-final
  it('removes the cookie, and ends the session for the cookie from before on all instances', async () => {
    const { world, server, second, session, request } = await onTwoInstances();
    const { setCookie } = await world.until(session.signOut());
    expect(setCookie).toBe('__Host-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict; Secure');
    const again = await world.until(second.of(request));
    expect(again.snapshot().status).toBe('signedOut');
    await expect(world.until(again.fetch('/posts'))).rejects.toMatchObject({ code: 'signed_out' });
    await world.advance(100);
    expect(server.revoked).toContain('ann-refresh-1');
    expect(server.accepted).toEqual([]);
  });

  // claim: server-sign-out-during-a-refresh
  it.each(['first', 'second'] as const)('during a refresh on the %s instance keeps the session out, and its new tokens are revoked', async (where) => {
    const setup = await onTwoInstances();
    const { world, server, first, request } = setup;
    await world.advance(11 * MINUTE);
    world.latencyMs = 500;
    const refreshing = (await world.until(first.of(request))).fetch('/posts').catch((error: { code: string }) => error.code);
    await world.advance(100);
    const session = await world.until(setup[where].of(request));
    await world.until(session.signOut());
    expect(await world.until(refreshing)).toBe('session_changed');
    await world.advance(MINUTE);
    for (const sessions of [first, setup.second]) expect((await world.until(sessions.of(request))).snapshot().status).toBe('signedOut');
    expect(server.revoked).toContain('ann-refresh-2');
    expect(server.accepted).toEqual([]);
  });

  // claim: server-sign-out-without-the-store
  it('fails with storage_unavailable if the store cannot remove the session, and succeeds when it is repeated', async () => {
    const { world, store, request, start } = await onTwoInstances();
    let isDown = true;
    const third = start({ store: { ...store, remove: (...args) => (isDown ? Promise.reject(new Error('no connection')) : store.remove(...args)) } });
    const session = await world.until(third.of(request));
    await expect(world.until(session.signOut())).rejects.toMatchObject({ code: 'storage_unavailable' });
    isDown = false;
    const again = await world.until(third.of(request));
    await world.until(again.signOut());
    expect((await world.until(third.of(request))).snapshot().status).toBe('signedOut');
  });

  it('of a session that the API has ended removes its row, too', async () => {
    const { world, server, store, first, request } = await onTwoInstances();
    const [entry] = await world.until(first.list('ann'));
    await world.advance(11 * MINUTE);
    server.fault = () => Response.json({ error: 'invalid_grant' }, { status: 400 });
    const session = await world.until(first.of(request));
    await world.until(session.fetch('/posts').catch(() => null));
    expect(await store.read(entry!.key, MINUTE)).not.toBeNull();
    await world.until(session.signOut());
    expect(await store.read(entry!.key, MINUTE)).toBeNull();
  });

  it('of a visitor changes nothing', async () => {
    const { world, first } = await onTwoInstances();
    const visitor = await world.until(first.of(new Request('https://app.example.com/')));
    await world.until(visitor.signOut());
    expect(visitor.snapshot().status).toBe('signedOut');
  });
});

describe('endAll', () => {
  // claim: server-end-all
  it('ends all sessions of one user on all instances, and no session of another', async () => {
    const { world, server, first, second, request } = await onTwoInstances();
    const other = await world.until(second.signIn(server.grant('ann')));
    const bob = await world.until(second.signIn(server.grant('bob')));
    expect(await world.until(first.list('ann'))).toHaveLength(2);
    expect(await world.until(first.endAll('ann'))).toBe(2);
    expect(await world.until(second.list('ann'))).toEqual([]);
    for (const cookie of [request, requestWith(other.setCookie)]) expect((await world.until(second.of(cookie))).snapshot().status).toBe('signedOut');
    expect((await world.until(first.of(requestWith(bob.setCookie)))).snapshot()).toMatchObject({ status: 'signedIn', subject: 'bob' });
  });

  it('ends all other sessions before it fails because of one that cannot be read', async () => {
    const { world, server, store, start, request } = await onTwoInstances();
    const other = start({ secrets: ['the second secret of this app 0002'] });
    const { setCookie } = await world.until(other.signIn(server.grant('ann')));
    const timer = world.openTab().platform;
    const slow = start({ secrets: ['the second secret of this app 0002'], store: { ...store, async remove(...args) {
      await new Promise<void>((resolve) => void timer.setTimer(resolve, 500));
      return store.remove(...args);
    } } });
    await expect(world.until(slow.endAll('ann'))).rejects.toMatchObject({ code: 'storage_unavailable', message: expect.stringContaining('secret') });
    expect((await world.until(other.of(requestWith(setCookie)))).snapshot().status).toBe('signedOut');
    expect(await world.until(other.list('ann'))).toHaveLength(1);
    expect((await world.until(start().of(request))).snapshot().status).toBe('signedIn');
  });

  it('lists when each session started and was last used', async () => {
    const { world, first, request } = await onTwoInstances();
    const startedAt = world.now();
    await world.advance(5 * MINUTE);
    await world.until(first.of(request));
    const [entry] = await world.until(first.list('ann'));
    expect(Math.abs(entry!.createdAt - startedAt)).toBeLessThan(1000);
    expect(Math.abs(entry!.usedAt - world.now())).toBeLessThan(1000);
    expect(entry!.key).not.toBe(request.headers.get('cookie')!.split('=')[1]);
  });
});
