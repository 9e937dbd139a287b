import type { BrowserContext, Page } from 'playwright-core';
import type { DoorName } from '../doors/index.ts';
import type { DoorResult } from '../page/door.ts';
import type { World } from '../server/world.ts';
import type { Setup } from './setup.ts';
import { median, middleHalf, type Table } from './table.ts';

const TITLES: Readonly<Record<DoorName, string>> = {
  unexpired: '**unexpired**, with `unexpired/redirect`',
  'oidc-client-ts': 'oidc-client-ts',
  auth0: '@auth0/auth0-spa-js',
  keycloak: 'keycloak-js',
  msal: '@azure/msal-browser',
};

export const DOOR_NAMES = Object.keys(TITLES) as DoorName[];

/** Measures the time from "Sign in" to the first answer, and whether two sign-ins at the same time disturb each other. */
export async function measureDoor(setup: Setup, rounds: number): Promise<Table> {
  const names = setup.choose(DOOR_NAMES, ['oidc-client-ts']);
  const times = new Map<DoorName, number[]>(names.map((name) => [name, []]));
  const both = new Map<DoorName, number>(names.map((name) => [name, 0]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) {
      times.get(name)?.push(...(await signInOnce(setup, name)));
      both.set(name, (both.get(name) ?? 0) + Number(await overlap(setup, name)));
    }
  }
  const base = median(times.get('oidc-client-ts') ?? []);
  return {
    id: 'door',
    title: 'Sign-in by redirect',
    note: `From "Sign in" to the first answer of the API, on a local server where the user is logged in: two page loads, discovery, the code and a call. A token request takes no extra time there, and a call 15 ms. Then two tabs sign in at the same time, and the one that began last comes back first. ${rounds} rounds, interleaved.`,
    columns: [
      { key: 'ms', title: 'ms', digits: 0 },
      { key: 'spread', title: 'middle half' },
      { key: 'ratio', title: '× oidc-client-ts', digits: 2, tolerance: 1.25 },
      { key: 'both', title: `both tabs signed in, of ${rounds}`, better: 'higher', tolerance: 1 },
    ],
    rows: names.map((name) => {
      const of = times.get(name) ?? [];
      return { peer: name, title: TITLES[name], cells: { ms: of.length ? median(of) : null, spread: of.length ? middleHalf(of, 0) : null, ratio: of.length ? median(of) / base : null, both: both.get(name) ?? null } };
    }),
  };
}

/** Returns the time of a sign-in that worked; nothing if it failed. */
async function signInOnce(setup: Setup, name: DoorName): Promise<number[]> {
  return inProfile(setup, async (world, context) => {
    const page = await openDoor(setup, world, context, name);
    await start(page, '/posts');
    const { ms, status, error } = await resultOf(page);
    if (status !== 200) console.error(`${name}: ${error ?? `HTTP ${status}`}`);
    return status === 200 ? [ms] : [];
  });
}

/** Whether two tabs that sign in at the same time both finish, each on its own page. */
async function overlap(setup: Setup, name: DoorName): Promise<boolean> {
  return inProfile(setup, async (world, context) => {
    const [first, second] = [await openDoor(setup, world, context, name), await openDoor(setup, world, context, name)];
    const held: (() => void)[] = [];
    // The answer of the first tab's authorization request waits until the second tab is back.
    await first.route('**/authorize?*', (route) => new Promise<void>((resolve) => held.push(() => resolve(route.continue()))));
    await start(first, '/first');
    while (held.length === 0) await first.waitForTimeout(5);
    await start(second, '/second');
    const late = await resultOf(second);
    for (const release of held) release();
    const early = await resultOf(first);
    return early.error === null && late.error === null && early.returnTo.endsWith('/first') && late.returnTo.endsWith('/second');
  });
}

async function inProfile<Result>({ server, browser }: Setup, work: (world: World, context: BrowserContext) => Promise<Result>): Promise<Result> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  try {
    return await work(server.openWorld(), context);
  } finally {
    await context.close();
  }
}

async function openDoor({ server }: Setup, { path }: World, context: BrowserContext, name: DoorName): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${server.origin}/door?world=${path}&door=${name}`);
  await page.waitForFunction(() => window.door !== undefined);
  return page;
}

const start = (page: Page, returnTo: string) => page.evaluate((to) => window.door?.start(to), returnTo);

async function resultOf(page: Page): Promise<DoorResult> {
  const handle = await page.waitForFunction(() => window.doorResult, null, { timeout: 20_000 });
  return (await handle.jsonValue()) ?? { ms: NaN, returnTo: '', status: 0, error: 'no result' };
}
