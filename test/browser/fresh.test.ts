import { describe, expect, it } from 'vitest';
import type { ControlState } from '../../demo/server/control.ts';
import { realLifetime } from '../support/pace.ts';
import { setUpDemo } from './support/demo-setup.ts';
import { feedOf, signIn } from './support/visitor.ts';


const demo = setUpDemo();

describe('the demo while signed in', () => {
  // claim: one-refresh-a-lifetime-in-chromium
  it('refreshes once per lifetime over two tabs for three lifetimes, and no call is rejected', async () => {
    const lifetimeMs = realLifetime(4000);
    await demo.control.configure({ accessTokenLifetimeMs: lifetimeMs });
    const visitor = await demo.visit();
    const first = await visitor.openTab();
    await signIn(first, 'Ember');
    const second = await visitor.openTab();
    await feedOf(second).first().waitFor();
    const before = await demo.control.state();

    const refreshesIn = ({ calls }: ControlState) => calls.slice(before.calls.length).filter(({ endpoint }) => endpoint === 'refresh');
    const isDone = (state: ControlState) => refreshesIn(state).filter(({ status }) => status === 200).length === 3;
    const after = await demo.control.until('three more refreshes', isDone, 3 * lifetimeMs);
    const adopted = [first, second].map((page) => page.getByRole('heading', { name: 'Access token from another tab' }));
    await expect.poll(async () => (await Promise.all(adopted.map((text) => text.count()))).toSorted()).toEqual([0, 1]);
    for (const page of [first, second]) {
      await page.getByRole('button', { name: 'Reload' }).click();
      await feedOf(page).first().waitFor();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
    }

    const refreshes = refreshesIn(after);
    expect(refreshes).toHaveLength(3);
    expect(new Set(refreshes.map(({ refreshToken }) => refreshToken)).size).toBe(3);
    const gaps = refreshes.slice(1).map(({ at }, index) => at - (refreshes[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(lifetimeMs / 2);
    expect(after.counts).toMatchObject({ reuses: 0, maxConcurrentRefreshes: 1 });
    expect((await demo.control.state()).counts.rejections).toBe(before.counts.rejections);
    expect(visitor.warnings).toEqual([]);
  });

  // claim: replay-keeps-the-body
  it('publishes one post with one refresh and one replay of the same body when the token was revoked', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Ember');
    const before = await demo.control.state();

    await demo.control.revoke();
    await page.getByLabel('New post').fill('Straight through: ä, 🔥 & "quotes"');
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    const posted = feedOf(page).filter({ hasText: 'Straight through' });
    await posted.waitFor();

    const { calls, counts } = await demo.control.state();
    const sent = calls.slice(before.calls.length).filter(({ endpoint }) => endpoint === 'myPosts' || endpoint === 'refresh');
    expect(sent.map(({ endpoint, status, errorCode }) => [endpoint, status, errorCode])).toEqual([
      ['myPosts', 401, 450],
      ['refresh', 200, null],
      ['myPosts', 201, null],
    ]);
    expect(sent[2]?.body).toBe(JSON.stringify({ text: 'Straight through: ä, 🔥 & "quotes"' }));
    expect(sent[0]?.body).toBe(sent[2]?.body);
    expect(counts.refreshes - before.counts.refreshes).toBe(1);
    expect(await posted.count()).toBe(1);
    await page.locator('[data-tally="Replays"]', { hasText: '1' }).waitFor();
  });

  it('keeps the session over a reload without a refresh', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Spark');
    const before = await demo.control.state();
    await page.reload();
    await feedOf(page).first().waitFor();
    await page.getByRole('heading', { name: 'Access token from storage' }).waitFor();
    const after = await demo.control.state();
    expect(after.counts).toMatchObject({ created: before.counts.created, refreshes: before.counts.refreshes });
  });

  it('stays signed in while the refresh fails, and publishes the post when it works again', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Ember');
    const before = await demo.control.state();
    await demo.control.fail({ endpoint: 'refresh', kind: 'unavailable', times: 2 });
    await demo.control.revoke();
    await page.getByLabel('New post').fill('During the outage');
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    await feedOf(page).filter({ hasText: 'During the outage' }).waitFor();
    const { calls } = await demo.control.state();
    const refreshes = calls.slice(before.calls.length).filter(({ endpoint }) => endpoint === 'refresh');
    expect(refreshes.map(({ status }) => status)).toEqual([503, 503, 200]);
  });
});
