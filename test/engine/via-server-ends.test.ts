import { limitSession } from 'unexpired/core';
import { watchServer, type ServerEvents } from 'unexpired/via-server';
import { describe, expect, it } from 'vitest';
import { createServerSetup } from '../support/server-setup.ts';
import { rejection } from '../support/setup.ts';

const MINUTE = 60_000;
const LIMITS = { idle: { timeoutMs: 15 * MINUTE }, maxSessionMs: 60 * MINUTE };

describe.each(['server', 'page'] as const)('a page whose server limits its sessions, with the access token in the %s', (place) => {
  it('gets the reason of an idle end at its next request, and shows no user', async () => {
    const setup = createServerSetup(place, LIMITS);
    setup.server.lifetimeMs = 10 * MINUTE;
    const { auth } = setup.open();
    await setup.signIn(auth);
    await setup.world.advance(16 * MINUTE);
    await setup.world.until(rejection(auth.refresh()));
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'idle' });
  });

  it('knows the longest time that the server allows, and ends with it by itself', async () => {
    const setup = createServerSetup(place, { maxSessionMs: 60 * MINUTE });
    const { auth } = setup.open();
    await setup.signIn(auth);
    const startedAt = setup.world.now();
    const limits = limitSession(auth);
    await setup.world.advance(1000);
    expect(limits.getEnd()).toMatchObject({ cause: 'session' });
    expect(Math.abs((limits.getEnd()?.endsAt ?? 0) - (startedAt + 60 * MINUTE))).toBeLessThan(3000);
    await setup.world.advance(61 * MINUTE);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'expired' });
  });

  it('leaves a later session alone if its own idle end is repeated by a later page', async () => {
    const setup = createServerSetup(place);
    const { auth, tab } = setup.open();
    await setup.signIn(auth);
    limitSession(auth, { idle: { timeoutMs: 5 * MINUTE }, activity: () => () => undefined });
    setup.answer = () => new Response('', { status: 503 });
    await setup.world.advance(6 * MINUTE);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'idle' });
    tab.kill();
    setup.answer = null;
    await setup.signInByServer('ben');
    await setup.world.until(setup.open().auth.ready());
    await setup.world.advance(1000);
    expect(setup.server.isAlive('ben')).toBe(true);
  });
});

it('a page that watches the server signs out at the idle end there, although it calls nothing', async () => {
  const setup = createServerSetup('server', LIMITS);
  const { auth } = setup.open();
  await setup.signIn(auth);
  const listeners: ((event: { data?: unknown }) => void)[] = [];
  class Events implements ServerEvents {
    readyState = 1;
    addEventListener(type: string, listener: (event: { data?: unknown }) => void) {
      if (type === 'session') listeners.push(listener);
    }
    close() {}
  }
  watchServer(auth, { EventSource: Events });
  await setup.world.advance(0);
  const response = await setup.send('/auth/events', { headers: { 'sec-fetch-site': 'same-origin' } });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const forward = async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const data = /data: (.*)\n/.exec(part.value)?.[1];
      if (data) for (const listener of listeners) listener({ data });
    }
  };
  void forward();
  await setup.world.advance(15 * MINUTE + 2000);
  expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'idle' });
});
