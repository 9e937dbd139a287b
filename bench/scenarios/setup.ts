import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Outcome } from '../page/page.ts';
import { PEER_NAMES, type PeerName } from '../peers/names.ts';
import type { BenchServer } from '../server/server.ts';
import { clearTally, type World } from '../server/world.ts';
import type { ChoosePeers } from './choice.ts';

/** The server, the browser and the choice of peers that all scenarios share. */
export interface Setup {
  readonly server: BenchServer;
  readonly browser: Browser;
  readonly choose: ChoosePeers;
}

/** An open page of a peer. */
export interface Tab {
  readonly page: Page;
  open(): Promise<void>;
  burst(calls: number, path?: string): Promise<Outcome>;
}

/** A peer that is signed in, in a new browser profile and a world of its own. */
export interface PeerSession {
  readonly world: World;
  openTab(query?: string): Promise<Tab>;
  close(): Promise<void>;
}

/** The life of a token that has to be expired when the next page opens, s. */
const SHORT_LIFE_S = 2;

/**
 * Signs a peer in and closes the page, like a user who comes back later.
 *
 * @param token whether the token is `fresh` or `expired` when the next page opens
 */
export async function signedIn({ server, browser }: Setup, peer: PeerName, token: 'fresh' | 'expired'): Promise<PeerSession> {
  const world = server.openWorld();
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  world.rules.lifetimeS = token === 'expired' ? SHORT_LIFE_S : 3600;
  const { page } = await openTab(context, server, world, peer, '');
  await page.evaluate((tokens) => window.bench.signIn(tokens), world.signIn());
  await page.close();
  world.rules.lifetimeS = 3600;
  if (token === 'expired') await new Promise((resolve) => setTimeout(resolve, SHORT_LIFE_S * 1000 + 100));
  clearTally(world);
  return { world, openTab: (query = '') => openTab(context, server, world, peer, query), close: () => context.close() };
}

/** Runs rounds, each with a session of its own. The next session is prepared meanwhile, because its token needs time to expire. */
export async function runRounds<Result>(setup: Setup, peer: PeerName, token: 'fresh' | 'expired', rounds: number, runRound: (session: PeerSession) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let next = signedIn(setup, peer, token); results.length < rounds; ) {
    const session = await next;
    if (results.length + 1 < rounds) next = signedIn(setup, peer, token);
    results.push(await runRound(session));
    await session.close();
  }
  return results;
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

/** The peers that keep a session, which bare `fetch` does not. */
export const SESSION_PEERS = PEER_NAMES.filter((name) => name !== 'bare');
