import { BINDING_TITLES, type BindingName } from '../react/names.ts';
import type { Setup } from './setup.ts';
import { inTurn, type Table } from './table.ts';

/** Measures the renders of one refresh in a tree of 1,000 components of each kind. */
export async function measureRenders(setup: Setup): Promise<Table> {
  const rows = await inTurn(setup.choose(Object.keys(BINDING_TITLES) as BindingName[]), async (peer) => ({ peer, title: BINDING_TITLES[peer], cells: { ...(await runRound(setup, peer)) } }));
  return {
    id: 'renders',
    title: 'Renders of one refresh, in React',
    note: 'A tree with 1,000 components that call the API, 1,000 that read whether a user is signed in and 1,000 that read the token. Renders of each kind are counted until they stop.',
    columns: [
      { key: 'callers', title: 'of components that call', tolerance: 1 },
      { key: 'statusReaders', title: 'of status readers', tolerance: 1 },
      { key: 'tokenReaders', title: 'of token readers', tolerance: 1 },
      { key: 'refreshes', title: 'refreshes sent' },
    ],
    rows,
  };
}

async function runRound({ server, browser }: Setup, name: BindingName): Promise<Record<string, number>> {
  const world = server.openWorld();
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const open = async () => {
    const page = await context.newPage();
    await page.goto(`${server.origin}/react?world=${world.path}&peer=${name}`);
    await page.waitForFunction(() => window.signIn);
    return page;
  };
  const first = await open();
  await first.evaluate((tokens) => window.signIn?.(tokens), world.signIn());
  await first.close();
  const page = await open();
  await page.evaluate(() => window.mount?.());
  await page.waitForFunction(() => window.isSettled?.());
  const rendersAtRest = async () => {
    let renders = await page.evaluate(() => window.renders?.());
    for (let quiet = 0; quiet < 5; ) {
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
      const now = await page.evaluate(() => window.renders?.());
      quiet = JSON.stringify(now) === JSON.stringify(renders) ? quiet + 1 : 0;
      renders = now;
    }
    return renders ?? { callers: NaN, statusReaders: NaN, tokenReaders: NaN };
  };
  const before = await rendersAtRest();
  const { refreshes } = world.tally;
  await page.evaluate(() => window.refresh?.().catch(() => undefined));
  const after = await rendersAtRest();
  await context.close();
  return {
    callers: after.callers - before.callers,
    statusReaders: after.statusReaders - before.statusReaders,
    tokenReaders: after.tokenReaders - before.tokenReaders,
    refreshes: world.tally.refreshes - refreshes,
  };
}
