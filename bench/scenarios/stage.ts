import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Outcome } from '../page/page.ts';
import { PEER_NAMES, type PeerName } from '../peers/names.ts';
import type { BenchServer } from '../server/server.ts';
import type { World } from '../server/world.ts';

/** What scenarios play on: one server, one browser. */
export interface Stage {
  readonly server: BenchServer;
  readonly browser: Browser;
}

/** A peer's page in a world of its own. */
export interface Tab {
  readonly page: Page;
  open(): Promise<void>;
  burst(calls: number, path?: string): Promise<Outcome>;
}

/** A peer with a session, in a browser profile that is new. */
export interface Visit {
  readonly world: World;
  openTab(query?: string): Promise<Tab>;
  close(): Promise<void>;
}

/** How long a token lives that is to have run out when the page comes back, s. */
const SHORT_LIFE_S = 2;

/**
 * Signs a peer in and closes the page again, as somebody does who comes back later.
 *
 * @param token `fresh`, or `expired` by the time the next page is opened
 */
export async function signedIn({ server, browser }: Stage, peer: PeerName, token: 'fresh' | 'expired'): Promise<Visit> {
  const world = server.openWorld();
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  world.rules.lifetimeS = token === 'expired' ? SHORT_LIFE_S : 3600;
  const { page } = await openTab(context, server, world, peer, '');
  await page.evaluate((tokens) => window.bench.signIn(tokens), world.signIn());
  await page.close();
  world.rules.lifetimeS = 3600;
  if (token === 'expired') await new Promise((resolve) => setTimeout(resolve, SHORT_LIFE_S * 1000 + 100));
  Object.assign(world.tally, { refreshes: 0, rejected: 0, answered: 0, sends: 0 });
  return { world, openTab: (query = '') => openTab(context, server, world, peer, query), close: () => context.close() };
}

/** Plays rounds, each with a session of its own; the next one's is made meanwhile, since a token takes its time to run out. */
export async function playRounds<Played>(stage: Stage, peer: PeerName, token: 'fresh' | 'expired', rounds: number, play: (visit: Visit) => Promise<Played>): Promise<Played[]> {
  const played: Played[] = [];
  for (let coming = signedIn(stage, peer, token); played.length < rounds; ) {
    const visit = await coming;
    if (played.length + 1 < rounds) coming = signedIn(stage, peer, token);
    played.push(await play(visit));
    await visit.close();
  }
  return played;
}

async function openTab(context: BrowserContext, { origin }: BenchServer, world: World, peer: PeerName, query: string): Promise<Tab> {
  const page = await context.newPage();
  await page.goto(`${origin}/page?world=${world.path}&peer=${peer}${query}`);
  await page.waitForFunction(() => 'bench' in window);
  return {
    page,
    open: () => page.evaluate(() => window.bench.open()),
    burst: (calls, path) => page.evaluate(([count, where]) => window.bench.burst(count, where), [calls, path] as const),
  };
}

/** Peers that keep a session: bare `fetch` keeps none. */
export const SESSION_PEERS = PEER_NAMES.filter((name) => name !== 'bare');
