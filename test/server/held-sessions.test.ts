import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { memory, type SessionStore } from 'unexpired/server';
import { createInstances, requestWith } from './support/instances.ts';

const MINUTE = 60_000;

/** Collects everything that nothing holds any more. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let round = 0; round < 5; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
}

function failing(store: SessionStore) {
  const state = { fails: false };
  const replace: SessionStore['replace'] = async (key, ifMatch, next) => {
    if (state.fails && next.lease === null) throw new Error('full');
    return store.replace(key, ifMatch, next);
  };
  return { state, store: { ...store, replace } };
}

describe('an instance', () => {
  it('needs no memory for sessions that no request uses, and warns of no listeners', async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error) => void warnings.push(name);
    process.on('warning', onWarning);
    const rowBytes = 3000;
    const count = 150;
    const { world, server, start } = createInstances();
    const sessions = start({ store: memory() });
    const signInAll = async () => {
      for (let index = 0; index < count; index++) await world.until(sessions.signIn(server.grant(`ann${index}`)));
      await collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = await signInAll();
    const bytes = ((await signInAll()) - before) / count;
    process.off('warning', onWarning);
    expect(await world.until(sessions.list('ann0'))).toHaveLength(2);
    expect(bytes).toBeLessThan(3 * rowBytes);
    expect(warnings).not.toContain('MaxListenersExceededWarning');
  });

  it('keeps new tokens that the store did not take, even if no request uses the session any more', async () => {
    const setup = createInstances();
    const { world, server } = setup;
    const { state, store } = failing(setup.store);
    const sessions = setup.start({ store });
    const { setCookie } = await world.until(sessions.signIn(server.grant('ann')));
    await world.advance(11 * MINUTE);
    state.fails = true;
    const call = async () => (await world.until((await world.until(sessions.of(requestWith(setCookie)))).fetch('/posts'))).status;
    expect(await call()).toBe(200);
    await collectGarbage();
    expect(await call()).toBe(200);
    state.fails = false;
    await world.advance(MINUTE);
    await collectGarbage();
    expect(await call()).toBe(200);
    expect(server.sent).toEqual(['ann-refresh-1']);
  });

  it('ends a session whose refresh brings the tokens of another user, and sends nothing with them', async () => {
    const { world, server, start, store } = createInstances();
    const sessions = start();
    const { setCookie } = await world.until(sessions.signIn(server.grant('ann')));
    const [entry] = await world.until(sessions.list('ann'));
    await world.advance(11 * MINUTE);
    const { accessToken, refreshToken } = server.grant('bob');
    server.fault = () => Response.json({ access_token: accessToken, refresh_token: refreshToken, expires_in: 600, token_type: 'Bearer' });
    const session = await world.until(sessions.of(requestWith(setCookie)));
    await expect(world.until(session.fetch('/posts'))).rejects.toMatchObject({ code: 'session_changed' });
    await expect(world.until(session.fetch('/posts'))).rejects.toMatchObject({ code: 'signed_out' });
    expect(await store.read(entry!.key, MINUTE)).toBeNull();
    expect(server.accepted).toEqual([]);
  });

  it('gives refreshes to waitUntil, and waits for them in close', async () => {
    const { world, server, start } = createInstances();
    const sessions = start();
    const { setCookie } = await world.until(sessions.signIn(server.grant('ann')));
    await world.advance(9 * MINUTE);
    world.latencyMs = 3000;
    const tasks: Promise<unknown>[] = [];
    await world.until(sessions.of(requestWith(setCookie), { waitUntil: (task) => void tasks.push(task) }));
    expect(tasks.length).toBeGreaterThan(0);
    await world.until(Promise.all(tasks));
    const again = start();
    expect((await world.until((await world.until(again.of(requestWith(setCookie)))).fetch('/posts'))).status).toBe(200);
    expect(server.accepted).toEqual(['ann-access-2']);
    await world.until(sessions.close());
    await expect(world.until(sessions.of(requestWith(setCookie)))).rejects.toMatchObject({ code: 'disposed' });
  });
});
