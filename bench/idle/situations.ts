import { readdirSync, readFileSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { chromiumOptions } from '../../test/browser/support/browser.ts';
import type { Authority, IdleWorld } from './authority.ts';
import type { IdlePeerName } from './names.ts';
import { scriptOf } from './pages.ts';
import { IDLE_MS } from './times.ts';

/** How long after its end a session may still be shown before it counts as one that goes on, ms. */
const PATIENCE_MS = 40_000;

/** How long a page may take to start, ms. */
const START_MS = 90_000;

/** The outcome of one run. */
export interface EndOutcome {
  /** How long after its end the session was shown, s; below 0 if it ended early, `Infinity` if it went on. */
  readonly offS: number;
  /** How many calls the API answered after the session's end. */
  readonly callsPast: number;
}

/** A browser with one user. */
interface Scene {
  /** The number of the browser's first process; `null` if other situations share the browser. */
  readonly processId: number | null;
  readonly context: BrowserContext;
  readonly world: IdleWorld;
  readonly page: Page;
}

/** A situation in which a session must end. */
export interface Situation {
  readonly key: string;
  readonly title: string;
  /** Whether it needs a browser of its own. */
  readonly isAlone?: true;
  /** Whether the page calls the API every 2 s. */
  readonly polls?: true;
  /** How much later or earlier a session may end in another run, s. It is 1 by default. */
  readonly slackS?: number;
  readonly run: (scene: Scene) => Promise<EndOutcome>;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const until = (at: number) => pause(Math.max(0, at - Date.now()));

/** Moves the pointer and presses a key, as a user does. Returns when. */
async function act({ page }: Pick<Scene, 'page'>): Promise<number> {
  await page.mouse.move(20 + (Date.now() % 300), 20 + (Date.now() % 200));
  await page.keyboard.press('Shift');
  return (await page.evaluate(() => window.lastKeyAt).catch(() => null)) ?? Date.now(); // The page may be about to navigate.
}

/** Whether a page shows the user; `null` while it is replaced. */
const isShown = (page: Page) => page.evaluate(() => window.idle?.isSignedIn() ?? null).catch(() => null);

/** When a page ceased to show the user for good, epoch ms; `Infinity` if it still does at a time. */
async function endOf(page: Page, latest: number): Promise<number> {
  for (let goneSince: number | null = null; ; await pause(100)) {
    const askedAt = Date.now();
    const shown = await isShown(page);
    if (shown) goneSince = null;
    else goneSince ??= askedAt;
    if (goneSince !== null && Date.now() - goneSince >= (shown === false ? 2000 : 20_000)) return goneSince;
    if (goneSince === null && Date.now() > latest) return Infinity;
  }
}

function outcome({ world }: Scene, expected: number, ends: readonly number[], callsFrom = expected + 1000): EndOutcome {
  const worst = ends.map((end) => (end - expected) / 1000).sort((a, b) => Math.abs(b) - Math.abs(a))[0] ?? NaN;
  return { offS: worst, callsPast: world.calls.filter(({ at }) => at > callsFrom).length };
}

async function oneTab(scene: Scene): Promise<EndOutcome> {
  const expected = (await act(scene)) + IDLE_MS;
  return outcome(scene, expected, [await endOf(scene.page, expected + PATIENCE_MS)]);
}

async function otherTab(scene: Scene): Promise<EndOutcome> {
  const page = await openPage(scene.context, scene.world);
  await page.waitForFunction(() => window.idle?.isSignedIn(), null, { timeout: START_MS }).catch(() => signIn(page));
  let isOver = false;
  const first = endOf(scene.page, Date.now() + 2 * IDLE_MS + PATIENCE_MS).finally(() => (isOver = true));
  let lastAt = await act({ page });
  for (const stopAt = lastAt + IDLE_MS + 20_000; Date.now() < stopAt && !isOver; await pause(3000)) lastAt = await act({ page }).catch(() => lastAt);
  const expected = lastAt + IDLE_MS;
  return outcome(scene, expected, await Promise.all([first, isOver ? first : endOf(page, expected + PATIENCE_MS)]));
}

async function asleep(scene: Scene): Promise<EndOutcome> {
  const startedAt = await act(scene);
  await until(startedAt + 10_000);
  const stopped = withDescendants(scene.processId ?? 0);
  for (const id of stopped) process.kill(id, 'SIGSTOP');
  await until(startedAt + IDLE_MS + 20_000);
  for (const id of stopped) process.kill(id, 'SIGCONT');
  const wokeAt = Date.now();
  const end = endOf(scene.page, wokeAt + PATIENCE_MS);
  await act(scene); // The event that wakes the device must not save the session.
  return outcome(scene, wokeAt, [await end], wokeAt);
}

async function openedAgain(scene: Scene): Promise<EndOutcome> {
  const startedAt = await act(scene);
  await until(startedAt + 5000);
  await scene.page.close();
  await until(startedAt + IDLE_MS + 20_000);
  const openedAt = Date.now();
  const page = await openPage(scene.context, scene.world);
  const shownAt = await page.waitForFunction(() => window.idle?.isSignedIn(), null, { timeout: 10_000 }).then(() => Date.now(), () => null);
  const shownMs = shownAt === null ? 0 : (await endOf(page, shownAt + PATIENCE_MS)) - shownAt;
  return outcome(scene, openedAt, [openedAt + shownMs], openedAt);
}

const setClock = (byMs: number) => async (scene: Scene): Promise<EndOutcome> => {
  const startedAt = await act(scene);
  await until(startedAt + 10_000);
  await scene.page.evaluate((ms) => void (localStorage['clock'] = String(ms)), byMs);
  const expected = startedAt + IDLE_MS;
  return outcome(scene, expected, [await endOf(scene.page, expected + PATIENCE_MS)]);
};

export const SITUATIONS: readonly Situation[] = [
  { key: 'one', title: 'one tab', run: oneTab },
  { key: 'polls', title: 'one tab that calls the API every 2 s', polls: true, run: oneTab },
  { key: 'other', title: 'two tabs, the user works in the other one', run: otherTab },
  { key: 'asleep', title: 'the browser sleeps over the end, and the pointer wakes it', isAlone: true, polls: true, run: asleep },
  { key: 'again', title: 'the page is opened again after the end', run: openedAgain },
  { key: 'back', title: 'the clock is set back by 1 h', run: setClock(-3_600_000) },
  { key: 'forward', title: 'the clock is set forward by 1 h', slackS: 5, run: setClock(3_600_000) },
];

/** Runs a situation once, in a profile of its own. */
export async function runSituation(authority: Authority, shared: Browser, peer: IdlePeerName, { run, isAlone, polls }: Situation): Promise<EndOutcome> {
  if (!isAlone) {
    const scene = await openSignedIn(authority, shared, peer, polls === true);
    return run({ processId: null, ...scene }).finally(() => scene.context.close());
  }
  const server = await chromium.launchServer(chromiumOptions());
  try {
    const browser = await chromium.connect(server.wsEndpoint());
    return await run({ processId: server.process().pid ?? null, ...(await openSignedIn(authority, browser, peer, polls === true)) });
  } finally {
    await server.close();
  }
}

/** Opens a profile whose clock can be set, and signs a user in. */
export async function openSignedIn(authority: Authority, browser: Browser, peer: IdlePeerName, polls = false): Promise<Omit<Scene, 'processId'>> {
  const world = authority.openWorld(scriptOf(peer));
  const context = await browser.newContext();
  context.setDefaultNavigationTimeout(START_MS);
  await context.addInitScript((doesPoll) => {
    if (doesPoll) localStorage['polls'] = 'yes';
    addEventListener('keydown', ({ timeStamp }) => void (window.lastKeyAt = performance.timeOrigin + timeStamp), true);
    const RealDate = Date;
    const shift = () => Number(localStorage['clock'] ?? 0);
    globalThis.Date = class extends RealDate {
      constructor(...values: []) {
        super(...(values.length > 0 ? values : ([RealDate.now() + shift()] as unknown as [])));
      }
      static override now() {
        return RealDate.now() + shift();
      }
    } as DateConstructor;
  }, polls);
  const page = await openPage(context, world);
  await signIn(page);
  return { context, world, page };
}

export async function openPage(context: BrowserContext, world: IdleWorld): Promise<Page> {
  const page = await context.newPage();
  await page.goto(world.app);
  await page.waitForFunction(() => 'idle' in window, null, { timeout: START_MS });
  return page;
}

/** Signs the user in. The page may be replaced meanwhile, so a sign-in that is lost with it is repeated. */
export async function signIn(page: Page): Promise<void> {
  for (const stopAt = Date.now() + START_MS; ; ) {
    await page.evaluate(() => void window.idle?.signIn()).catch(() => undefined);
    const isDone = await page.waitForFunction(() => window.idle?.isSignedIn(), null, { timeout: 10_000 }).then(() => true, () => false);
    if (isDone) return;
    if (Date.now() > stopAt) throw new Error(`No user could sign in at ${page.url()}.`);
  }
}

/** Returns a process and all below it. */
function withDescendants(id: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      parents.set(Number(name), Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const below = (parent: number): number[] => [...parents].filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)]);
  return [id, ...below(id)];
}
