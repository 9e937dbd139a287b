import { expect, it } from 'vitest';
import type { JSHandle, Page } from 'playwright-core';
import type { AuthClient } from 'unexpired';
import type { ControlState } from '../../demo/server/control.ts';
import { realLifetime } from '../support/pace.ts';
import { LONG_LIFETIME_MS, setUpDemo } from './support/demo-setup.ts';
import { signIn } from './support/visitor.ts';

const CALLS = 200;

const demo = setUpDemo();

/** Returns the page's own client. The import is text, because only the page's server can resolve it. */
function clientOf(tab: Page): Promise<JSHandle<AuthClient>> {
  return tab.evaluateHandle<AuthClient>(`import('${demo.clientModule}').then(({ auth }) => auth)`);
}

/** Calls the API at the same time, and counts the answers of status 200. A call whose token is late is made again, as its error says. */
function burst(client: JSHandle<AuthClient>, paths: readonly string[]): Promise<number> {
  return client.evaluate(async (auth, all) => {
    const call = (path: string): Promise<Response> => auth.fetch(path).catch((error: { transient?: boolean }) => (error.transient ? call(path) : Promise.reject(error)));
    const answers = await Promise.all(all.map(call));
    return answers.filter(({ status }) => status === 200).length;
  }, paths);
}

/** Counts the requests that the API received for a burst. */
function costOf(before: ControlState, { calls, counts }: ControlState) {
  const sends = calls.slice(before.calls.length).filter(({ path }) => path.includes('burst='));
  return {
    refreshes: counts.refreshes - before.counts.refreshes,
    sends: sends.length,
    rejected: sends.filter(({ errorCode }) => errorCode === 450).length,
    expired: sends.filter(({ expiredByMs }) => expiredByMs !== null).length,
    answered: sends.filter(({ status }) => status === 200).length,
    reuses: counts.reuses,
  };
}

it('refreshes once when 200 calls are made with a revoked token, and answers all with at most two sends each', async () => {
  const page = await (await demo.visit()).openTab();
  await signIn(page, 'Ember');
  await demo.control.revoke();
  const before = await demo.control.state();

  const answered = await burst(await clientOf(page), Array.from({ length: CALLS }, (_, index) => `/users/me?burst=${index}`));

  expect(answered).toBe(CALLS);
  const cost = costOf(before, await demo.control.state());
  console.info('revoked token:', JSON.stringify(cost));
  expect(cost).toMatchObject({ refreshes: 1, answered: CALLS, reuses: 0 });
  expect(cost.rejected).toBeLessThanOrEqual(CALLS);
  expect(cost.sends).toBe(CALLS + cost.rejected);
});

it('refreshes once when 200 calls are made with an expired token, and no call is rejected', async () => {
  const page = await (await demo.visit()).openTab();
  await signIn(page, 'Ember');
  const client = await clientOf(page);
  await demo.control.configure({ accessTokenLifetimeMs: realLifetime(2000) });
  const before = await demo.control.state();
  const expiredBurst = client.evaluate(async (auth, count) => {
    await auth.refresh();
    const expiresAt = auth.getSnapshot().tokens?.expiresAt ?? 0;
    // The page is busy until the token has expired, so that no timer can refresh in time, as after a laptop's sleep.
    while (Date.now() < expiresAt + 50);
    const call = (path: string): Promise<Response> => auth.fetch(path).catch((error: { transient?: boolean }) => (error.transient ? call(path) : Promise.reject(error)));
    const calls = Array.from({ length: count }, (_, index) => call(`/users/me?burst=${index}`));
    const late = Date.now() - expiresAt;
    const answers = await Promise.all(calls);
    return { answered: answers.filter(({ status }) => status === 200).length, expiredFor: late };
  }, CALLS);
  // The token that the burst gets lives long, or it would have to be refreshed again.
  const renewal = demo.control
    .until('the token that expires is given out', ({ counts }) => counts.refreshes > before.counts.refreshes)
    .then(() => demo.control.configure({ accessTokenLifetimeMs: LONG_LIFETIME_MS }));
  const [{ answered, expiredFor }] = await Promise.all([expiredBurst, renewal]);

  expect(expiredFor).toBeGreaterThan(0);
  expect(answered).toBe(CALLS);
  const cost = costOf(before, await demo.control.state());
  console.info('expired token:', JSON.stringify(cost));
  // The refresh that gave the token is counted, too.
  expect(cost).toEqual({ refreshes: 1 + 1, sends: CALLS, rejected: 0, expired: 0, answered: CALLS, reuses: 0 });
});

it('refreshes once over 8 tabs when they make 160 calls with a revoked token', async () => {
  const page = await (await demo.visit()).openTab();
  await signIn(page, 'Ember');
  const others = await Promise.all(Array.from({ length: 7 }, () => page.context().newPage()));
  await Promise.all(others.map((other) => other.goto(page.url())));
  const tabs = [page, ...others];
  await Promise.all(tabs.map((tab) => tab.getByText('Signed in as Ember').waitFor()));
  const clients = await Promise.all(tabs.map(clientOf));
  await demo.control.revoke();
  const before = await demo.control.state();

  const answered = await Promise.all(clients.map((client, tab) => burst(client, Array.from({ length: 20 }, (_, call) => `/users/me?burst=${tab}-${call}`))));

  expect(answered).toEqual(tabs.map(() => 20));
  const cost = costOf(before, await demo.control.state());
  console.info('8 tabs on a revoked token:', JSON.stringify(cost));
  expect(cost).toMatchObject({ refreshes: 1, answered: 160, reuses: 0 });
});
