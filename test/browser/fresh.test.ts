import { describe, expect, it } from 'vitest';
import type { ControlState } from '../../demo/server/control.ts';
import { realLifetime } from '../support/pace.ts';
import { setUpStage } from './support/stage.ts';
import { feedOf, signIn } from './support/visitor.ts';


const stage = setUpStage();

describe('while signed in', () => {
  // claim: one-refresh-a-lifetime-in-chromium
  it('stays fresh through three lifetimes in two tabs, with one refresh a lifetime and no refused call', async () => {
    const lifetimeMs = realLifetime(4000);
    await stage.control.configure({ accessTokenLifetimeMs: lifetimeMs });
    const visitor = await stage.visit();
    const first = await visitor.openTab();
    await signIn(first, 'Ember');
    const second = await visitor.openTab();
    await feedOf(second).first().waitFor();
    const before = await stage.control.state();

    const refreshesIn = ({ calls }: ControlState) => calls.slice(before.calls.length).filter(({ endpoint }) => endpoint === 'refresh');
    const after = await stage.control.until('three refreshes more', (state) => refreshesIn(state).filter(({ status }) => status === 200).length === 3);
    const adopted = [first, second].map((page) => page.getByText('adopted from another tab', { exact: true }));
    await expect.poll(async () => (await Promise.all(adopted.map((text) => text.count()))).toSorted()).toEqual([0, 1]);
    for (const page of [first, second]) {
      await page.getByRole('button', { name: 'Reload the feed' }).click();
      await feedOf(page).first().waitFor();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
    }

    const refreshes = refreshesIn(after);
    expect(refreshes).toHaveLength(3);
    expect(new Set(refreshes.map(({ refreshToken }) => refreshToken)).size).toBe(3);
    const gaps = refreshes.slice(1).map(({ at }, index) => at - (refreshes[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(lifetimeMs / 2);
    expect(after.counts).toMatchObject({ reuses: 0, maxConcurrentRefreshes: 1 });
    expect((await stage.control.state()).counts.rejections).toBe(before.counts.rejections);
    expect(visitor.complaints).toEqual([]);
  });

  // claim: replay-keeps-the-body
  it('posts right after the token was revoked: one refresh, one replay, the same body, one post', async () => {
    const page = await (await stage.visit()).openTab();
    await signIn(page, 'Ember');
    const before = await stage.control.state();

    await page.getByRole('button', { name: 'Revoke the access token' }).click();
    await page.getByText('Revoked. The next call finds out').waitFor();
    await page.getByLabel('Say something at the fire').fill('Straight through: ä, 🔥 & "quotes"');
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    const posted = feedOf(page).filter({ hasText: 'Straight through' });
    await posted.waitFor();
    await page.getByText('Revoked. The next call finds out').waitFor({ state: 'detached' }); // It has found out.

    const { calls, counts } = await stage.control.state();
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
    const page = await (await stage.visit()).openTab();
    await signIn(page, 'Spark');
    const before = await stage.control.state();
    await page.reload();
    await feedOf(page).first().waitFor();
    await page.getByText('found in storage', { exact: true }).waitFor();
    const after = await stage.control.state();
    expect(after.counts).toMatchObject({ created: before.counts.created, refreshes: before.counts.refreshes });
  });

  it('stays signed in while the API gives no token, and goes on by itself afterwards', async () => {
    const page = await (await stage.visit()).openTab();
    await signIn(page, 'Ember');
    const before = await stage.control.state();
    await stage.control.fail({ endpoint: 'refresh', kind: 'unavailable', times: 2 });
    await stage.control.revoke();
    await page.getByLabel('Say something at the fire').fill('Through the storm');
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    await feedOf(page).filter({ hasText: 'Through the storm' }).waitFor();
    const { calls } = await stage.control.state();
    const refreshes = calls.slice(before.calls.length).filter(({ endpoint }) => endpoint === 'refresh');
    expect(refreshes.map(({ status }) => status)).toEqual([503, 503, 200]);
  });
});
