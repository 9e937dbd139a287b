import { inspect } from 'node:util';
import { errorResponse, serverPlatform } from 'unexpired/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createInstances, requestWith, SECRET } from './support/instances.ts';

const MINUTE = 60_000;
afterEach(() => void vi.restoreAllMocks());

/** The context of a request, as workers have it: its method fails without it, and after the request. */
class Context {
  readonly tasks: Promise<unknown>[] = [];
  #isOver = false;
  waitUntil(task: Promise<unknown>): void {
    if (this.#isOver) throw new Error('This request is over.');
    this.tasks.push(task);
  }
  end(): void {
    this.#isOver = true;
  }
}

async function expiring() {
  const setup = createInstances();
  const reported: unknown[] = [];
  const sessions = setup.start({ platform: { ...setup.platform(), report: (error) => void reported.push(error) } });
  const { setCookie } = await setup.world.until(sessions.signIn(setup.server.grant('ann')));
  await setup.world.advance(9 * MINUTE);
  return { ...setup, sessions, reported, request: requestWith(setCookie) };
}

describe('waitUntil', () => {
  it('is called as a method of the context that was passed, also for a refresh that another request has started', async () => {
    const { world, sessions, request } = await expiring();
    world.latencyMs = 3000;
    const [first, second] = [new Context(), new Context()];
    await world.until(sessions.of(request, first));
    await world.advance(100);
    await world.until(sessions.of(request, second));
    expect(first.tasks.length).toBeGreaterThan(0);
    expect(second.tasks.length).toBeGreaterThan(0);
  });

  it('of a request that is over costs a later request nothing', async () => {
    const { world, sessions, request, reported } = await expiring();
    const context = new Context();
    const session = await world.until(sessions.of(request, context));
    context.end();
    await world.advance(5 * MINUTE);
    expect((await world.until(session.fetch('/posts'))).status).toBe(200);
    expect(reported).not.toEqual([]);
  });
});

describe('an error of the code of an app', () => {
  it('is printed, and does not end the process of a server', () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const error = new Error('a mistake of the app');
    serverPlatform().report(error);
    expect(printed).toHaveBeenCalledWith(error);
    expect(timers).not.toHaveBeenCalled();
  });
});

describe('what can be printed', () => {
  it('has no token, no secret and no session id', async () => {
    const { world, server, sessions, request, store, start } = await expiring();
    const id = request.headers.get('cookie')!.split('=')[1]!;
    const session = await world.until(sessions.of(request));
    const errors: unknown[] = [];
    const failing = start({ store: { ...store, read: () => Promise.reject(new Error(`HGETALL ${id} ann-access-1 ${SECRET}`)) } });
    errors.push(await world.until(failing.of(request).catch((error: unknown) => error)));
    server.fault = () => Response.json({ error: 'invalid_grant', error_description: 'ann-refresh-1' }, { status: 400 });
    await world.advance(5 * MINUTE);
    errors.push(await world.until(session.fetch('/posts').catch((error: unknown) => error)));
    const objects = [sessions, session, session.snapshot(), store, await world.until(sessions.list('ann')), serverPlatform(), ...errors];
    expect(errors.map((error) => errorResponse(error).status)).toEqual([503, 401]);
    for (const object of objects) {
      const text = `${inspect(object, { depth: 20, showHidden: true })} ${JSON.stringify(object)} ${(object as Error).stack ?? ''}`;
      for (const secret of [id, SECRET, 'ann-access', 'ann-refresh']) expect(text).not.toContain(secret);
    }
  });
});
