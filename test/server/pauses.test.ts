import type { Sessions, SessionStore } from 'unexpired/server';
import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

const MINUTE = 60_000;

function call(sessions: Sessions, request: Request): Promise<number | string> {
  return sessions.of(request).then((session) => session.fetch('/posts')).then(({ status }) => status, (error: { code: string }) => error.code);
}

/** Two instances, a session whose access token has expired, and a pause that begins right after a write of the first one. */
async function withPause(afterWrite: number) {
  const setup = createInstances();
  const { world, server, start, store, pausable } = setup;
  const { platform, pause, resume } = pausable();
  let resumed: () => void = () => undefined;
  const untilResumed = new Promise<void>((resolve) => (resumed = resolve));
  let writes = 0;
  const replace: SessionStore['replace'] = async (...args) => {
    const written = await store.replace(...args);
    writes++;
    if (writes !== afterWrite) return written;
    pause();
    await untilResumed;
    return written;
  };
  const other = start();
  const { setCookie } = await world.until(other.signIn(server.grant('ann')));
  await world.advance(11 * MINUTE);
  return { ...setup, paused: start({ store: { ...store, replace }, platform }), other, request: requestWith(setCookie), pause, resume: () => (resume(), resumed()) };
}

describe('an instance that is paused beyond its lease', () => {
  // claim: server-paused-before-the-refresh
  it('before it sends its refresh sends none afterwards, and goes on with the tokens of the instance that has refreshed', async () => {
    const { world, server, paused, other, request, resume } = await withPause(1);
    const held = call(paused, request);
    await world.advance(500);
    expect(await world.until(call(other, request))).toBe(200);
    await world.advance(MINUTE);
    resume();
    expect(await world.until(held)).toBe('refresh_unavailable'); // It has waited for 10 s.
    expect(await world.until(call(paused, request))).toBe(200);
    expect(server.sent).toEqual(['ann-refresh-1']);
    expect(server.reuses).toBe(0);
  });

  /** The pause begins after the API has rotated the refresh token, and before its answer arrives. */
  async function pausedWithAnswer(hasGrace: boolean) {
    const { world, server, paused, other, request, pause, resume } = await withPause(0);
    server.hasGrace = hasGrace;
    world.latencyMs = 500;
    const held = call(paused, request);
    await world.advance(300);
    pause();
    await world.advance(12_000);
    world.latencyMs = 10;
    const elsewhere = await world.until(call(other, request));
    resume();
    return { elsewhere, resumed: await world.until(held), server };
  }

  // claim: server-paused-with-the-answer
  it('while its answer is on the way ends the session at an API without a grace period', async () => {
    const { elsewhere, resumed, server } = await pausedWithAnswer(false);
    expect([elsewhere, resumed]).toEqual(['session_ended', 'session_ended']);
    expect(server.sent).toEqual(['ann-refresh-1', 'ann-refresh-1']);
  });

  // claim: server-paused-with-grace
  it('while its answer is on the way costs nothing at an API with a grace period', async () => {
    const { elsewhere, resumed, server } = await pausedWithAnswer(true);
    expect([elsewhere, resumed]).toEqual([200, 200]);
    expect(server.isAlive('ann')).toBe(true);
  });

  // claim: server-paused-after-the-refresh
  it('after it has stored its answer costs nothing', async () => {
    const { world, server, paused, other, request, resume } = await withPause(2);
    const held = call(paused, request);
    await world.advance(2000);
    expect(await world.until(call(other, request))).toBe(200);
    await world.advance(MINUTE);
    resume();
    expect(await world.until(held)).toBe(200);
    expect(server.sent).toEqual(['ann-refresh-1']);
  });
});

describe('a request with an old token', () => {
  // claim: server-straggler
  it('is replayed with the newer token of another instance, and costs no refresh', async () => {
    const { world, server, start } = createInstances();
    const [first, second] = [start(), start()];
    const { setCookie } = await world.until(first.signIn(server.grant('ann')));
    const request = requestWith(setCookie);
    const straggler = await world.until(second.of(request));
    server.revoke('ann-access-1');
    expect(await world.until(call(first, request))).toBe(200);
    await world.advance(5000);
    expect((await world.until(straggler.fetch('/posts'))).status).toBe(200);
    expect(server.accepted).toEqual(['ann-access-2', 'ann-access-2']);
    expect(server.sent).toEqual(['ann-refresh-1']);
  });
});
