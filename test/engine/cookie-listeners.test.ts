import { createBotTokens } from 'unexpired/bonfire';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCookieSetup } from '../support/cookie-setup.ts';

let warnings: string[];
const note = ({ name }: Error) => void warnings.push(name);
beforeEach(() => {
  warnings = [];
  process.on('warning', note);
});
afterEach(() => void process.off('warning', note));

it('20 sign-ins that wait for each other add too few listeners to a signal for a warning of Node', async () => {
  const setup = createCookieSetup();
  const { auth } = await setup.openSignedIn();
  const signIns = Array.from({ length: 20 }, () => auth.signIn(createBotTokens(setup.protocol, ['ember'])));
  await setup.world.until(Promise.allSettled(signIns));
  await new Promise((resolve) => setImmediate(resolve)); // Node reports a warning in the next tick.
  expect(warnings).toEqual([]);
});

it('20 calls with one signal that wait for a refresh add too few listeners to it for a warning of Node', async () => {
  const setup = createCookieSetup();
  const { auth } = await setup.openSignedIn();
  const { signal } = new AbortController();
  setup.world.latencyMs = 1000;
  await setup.world.advance(120_000);
  const calls = Array.from({ length: 20 }, () => auth.fetch('/users/me', { signal }));
  await setup.world.until(Promise.allSettled(calls));
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
});
