import { errorResponse } from 'unexpired/server';
import { expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

const MINUTE = 60_000;

it.each([-10, 10])('Retry-After is right on a device whose clock is wrong by %d min', async (minutes) => {
  const { world, server, start, platform, store } = createInstances();
  const skewed = platform(minutes * MINUTE);
  const retryAfter = async (attempt: Promise<unknown>) => Number(errorResponse(await world.until(attempt.catch((error: unknown) => error)), skewed.now().wall).headers.get('retry-after'));
  const state = { isDown: false };
  const sessions = start({ platform: skewed, store: { ...store, read: async (...args) => (state.isDown ? Promise.reject(new Error('down')) : store.read(...args)), list: async () => Promise.reject(new Error('down')) } });
  const { setCookie } = await world.until(start().signIn(server.grant('ann')));
  await world.advance(11 * MINUTE);
  server.fault = () => new Response('', { status: 503, headers: { 'retry-after': '120' } });
  const session = await world.until(sessions.of(requestWith(setCookie)));
  const waits = [await retryAfter(session.fetch('/posts')), await retryAfter(session.getAccessToken())];
  for (const wait of waits) expect(Math.abs(wait - 120)).toBeLessThan(15);
  state.isDown = true;
  expect(await retryAfter(sessions.of(requestWith(setCookie)))).toBeLessThan(5);
  expect(await retryAfter(sessions.list('ann'))).toBeLessThan(5);
});
