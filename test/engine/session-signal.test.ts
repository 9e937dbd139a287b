import { createSessionSignal } from 'unexpired/core';
import { describe, expect, it } from 'vitest';
import { createSetup, rejection } from '../support/setup.ts';

/** Opens two tabs of one user. Uploads get no answer. */
async function openTwo() {
  const setup = createSetup();
  setup.world.faultOf = (request) => (request.url.endsWith('/files') ? 'hangBefore' : 'none');
  const first = await setup.openSignedIn();
  const second = setup.open();
  await setup.world.until(second.auth.ready());
  return { setup, first: first.auth, second: second.auth };
}

describe('the signal of a session', () => {
  it('ends an upload in one tab when the user signs out in another', async () => {
    const { setup, first, second } = await openTwo();
    const sessionSignal = createSessionSignal(first);
    const upload = rejection(first.fetch('/files', { method: 'POST', body: 'bytes', signal: sessionSignal() }));
    await setup.world.advance(100);
    await setup.world.until(second.signOut());
    expect(await setup.world.until(upload)).toMatchObject({ name: 'AuthError', code: 'session_changed' });
  });

  it('is not there by default, so that an upload in flight is finished', async () => {
    const { setup, first, second } = await openTwo();
    let isPending = true;
    void first.fetch('/files', { method: 'POST', body: 'bytes' }).finally(() => (isPending = false));
    await setup.world.advance(100);
    await setup.world.until(second.signOut());
    await setup.world.advance(1000);
    expect(isPending).toBe(true);
  });

  it('aborts when another user signs in, and a new signal follows that user', async () => {
    const { setup, first, second } = await openTwo();
    const sessionSignal = createSessionSignal(first);
    const before = sessionSignal();
    await setup.signIn(second, 'cinder');
    await setup.world.advance(100);
    expect(before.reason).toMatchObject({ code: 'session_changed' });
    expect(sessionSignal().aborted).toBe(false);
  });

  it('does not abort at a refresh, and is one signal for all calls', async () => {
    const { setup, first } = await openTwo();
    const sessionSignal = createSessionSignal(first);
    const signal = sessionSignal();
    await setup.world.until(first.refresh());
    expect([signal.aborted, sessionSignal() === signal]).toEqual([false, true]);
  });

  it('names the reason when the API ends the session', async () => {
    const { setup, first } = await openTwo();
    const signal = createSessionSignal(first)();
    setup.api.endSession({}, 800);
    await setup.world.until(rejection(first.fetch('/users/me')));
    expect(signal.reason).toMatchObject({ code: 'session_ended', endReason: 'password_reset_required' });
  });

  it('belongs to the first user who is signed in while the page loads', async () => {
    const { setup, second } = await openTwo();
    const { auth } = setup.open();
    const signal = createSessionSignal(auth)();
    expect((await setup.world.until(auth.fetch('/users/me', { signal }))).status).toBe(200);
    expect(signal.aborted).toBe(false);
    await setup.world.until(second.signOut());
    await setup.world.advance(100);
    expect(signal.reason).toMatchObject({ code: 'session_changed' });
  });

  it('is already aborted while no user is signed in', async () => {
    const setup = createSetup();
    const { auth } = setup.open();
    const sessionSignal = createSessionSignal(auth);
    const early = sessionSignal();
    await setup.world.until(auth.ready());
    for (const signal of [early, sessionSignal()]) expect(signal.reason).toMatchObject({ code: 'signed_out' });
    await setup.signIn(auth);
    expect(sessionSignal().aborted).toBe(false);
  });

  it('belongs to the new user in a listener that runs before the signal has been updated', async () => {
    const { setup, first } = await openTwo();
    let sessionSignal = () => new AbortController().signal;
    const signals = new Set<AbortSignal>();
    first.subscribe(() => void (first.getSnapshot().sessionId !== former && signals.add(sessionSignal())));
    const former = first.getSnapshot().sessionId;
    sessionSignal = createSessionSignal(first);
    const before = sessionSignal();
    await setup.signIn(first, 'cinder');
    expect(before.reason).toMatchObject({ code: 'session_changed' });
    expect([...signals].map(({ aborted }) => aborted)).toEqual([false]);
  });

  it('aborts a call before it is sent, if no user is signed in', async () => {
    const setup = createSetup();
    const { auth } = setup.open();
    auth.intercept({ scope: 'send', interceptor: (request, next) => next(new Request(request.url)) }); // Without the signal.
    expect(await setup.world.until(rejection(auth.fetch('/users/me', { signal: createSessionSignal(auth)() })))).toMatchObject({ code: 'signed_out' });
    await setup.world.advance(1000);
    expect(setup.api.calls).toEqual([]);
  });

  it('touches nothing before the first call', () => {
    const refuse = () => {
      throw new Error('It was used too early.');
    };
    expect(createSessionSignal({ getSnapshot: refuse, subscribe: refuse })).toBeTypeOf('function');
  });
});
