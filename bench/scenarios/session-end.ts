import type { Browser } from 'playwright-core';
import { startAuthority, type Authority } from '../idle/authority.ts';
import { runHeldRound } from '../idle/held.ts';
import { IDLE_PEER_NAMES, IDLE_PEERS, type IdlePeerName } from '../idle/names.ts';
import { bundleIdlePages } from '../idle/pages.ts';
import { runSituation, SITUATIONS, type EndOutcome } from '../idle/situations.ts';
import { ACCESS_MS, IDLE_MS } from '../idle/times.ts';
import { bytesOf } from './bytes.ts';
import type { Setup } from './setup.ts';
import { inTurn, type Cell, type Row, type Table } from './table.ts';

/** How many rounds of a call that waits run at the same time. */
const SIDE_BY_SIDE = 4;

/** How many situations run at the same time, in as many rounds as that makes. */
const SITUATIONS_AT_ONCE = 28;

/** The time between the starts of two situations, ms. */
const STAGGER_MS = 500;

/** Measures when a session ends, and what that costs. Each situation runs in each round. */
export function measureSessionEnd({ browser, choose }: Setup, rounds: number): Promise<Table[]> {
  const peers = choose(IDLE_PEER_NAMES);
  return withAuthority(async (authority) => [endTable(await measureEnds(authority, browser, peers, rounds), rounds), await bytesTable(peers)]);
}

/** Measures in how many rounds a call goes on whose session has ended. */
export function measureHeldCalls({ browser, choose }: Setup, rounds: number): Promise<Table> {
  return withAuthority(async (authority) => {
    const rows = await inTurn(choose(IDLE_PEER_NAMES), async (peer): Promise<Row> => {
      const numbers = Array.from({ length: rounds }, (_, round) => round);
      const results: boolean[] = [];
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, async () => {
        for (let round = numbers.shift(); round !== undefined; round = numbers.shift()) results.push(await runHeldRound(authority, browser, peer, round));
      }));
      return { peer, title: IDLE_PEERS[peer].title, cells: { held: `${results.filter(Boolean).length} of ${rounds}` } };
    });
    return heldTable(rows);
  });
}

async function withAuthority<Result>(measure: (authority: Authority) => Promise<Result>): Promise<Result> {
  const authority = await startAuthority(await bundleIdlePages());
  try {
    return await measure(authority);
  } finally {
    await authority.close();
  }
}

type Ends = ReadonlyMap<IdlePeerName, ReadonlyMap<string, readonly EndOutcome[]>>;

/** Runs the situations for all peers at the same time, because they take three minutes and mostly wait. */
async function measureEnds(authority: Authority, browser: Browser, peers: readonly IdlePeerName[], rounds: number): Promise<Ends> {
  const atOnce = Math.max(1, Math.floor(SITUATIONS_AT_ONCE / (SITUATIONS.length * peers.length)));
  const ends = new Map(peers.map((peer) => [peer, new Map<string, EndOutcome[]>(SITUATIONS.map(({ key }) => [key, []]))]));
  for (let left = rounds; left > 0; left -= atOnce) {
    const round = SITUATIONS.flatMap((situation) => peers.map((peer) => ({ situation, peer })));
    const runs = Array.from({ length: Math.min(left, atOnce) }, () => round).flat();
    await Promise.all(runs.map(async ({ situation, peer }, place) => {
      await new Promise((resolve) => setTimeout(resolve, place * STAGGER_MS));
      ends.get(peer)?.get(situation.key)?.push(await runSituation(authority, browser, peer, situation));
    }));
  }
  return ends;
}

/** The run that was furthest off. */
function worst(outcomes: readonly EndOutcome[]): Cell {
  const [first = NaN] = outcomes.map(({ offS }) => offS).sort((a, b) => Math.abs(b) - Math.abs(a));
  if (first === Infinity) return 'goes on';
  return Math.abs(first) < 0.05 ? '0.0' : `${first > 0 ? '+' : '−'}${Math.abs(first).toFixed(1)}`;
}

function endTable(ends: Ends, rounds: number): Table {
  const rows = [...ends].map(([peer, own]): Row => {
    const cells = [...own].map(([key, outcomes]) => [key, worst(outcomes)] as const);
    return { peer, title: IDLE_PEERS[peer].title, cells: { ...Object.fromEntries(cells), past: [...own.values()].flat().reduce((sum, { callsPast }) => sum + callsPast, 0) } };
  });
  return {
    id: 'session-end',
    title: `A session without activity for ${IDLE_MS / 1000} s ends, seconds off`,
    note: `The idle limit is ${IDLE_MS / 1000} s, and access tokens live ${ACCESS_MS / 1000} s. The worst of ${rounds} rounds: \`+\` is late, \`−\` early, and “goes on” means that the user was still shown 40 s later. After sleep and in a page that is opened again, time counts from the wake and from the load. The last column counts the calls that the API answered after the end, in the situations in which the page calls.`,
    columns: [...SITUATIONS.map(({ key, title, slackS = 1 }) => ({ key, title, slack: slackS })), { key: 'past', title: 'calls answered after the end', tolerance: 1 }],
    rows,
  };
}

function heldTable(rows: readonly Row[]): Table {
  return {
    id: 'session-end-held',
    title: 'A call after the end of its session goes on',
    note: 'The authorization server ends the session, the page makes a `POST`, and the same user signs in again in another tab. Rounds in which the API got the call once, with its body.',
    columns: [{ key: 'held', title: 'rounds in which the call went on', better: 'higher', tolerance: 1 }],
    rows,
  };
}

const CORE = "export { createAuthClient } from '../../dist/core.js'; export { oauth2 } from '../../dist/oauth2.js';";
const AXA = "export { OidcClient } from '@axa-fr/oidc-client';";
const KEYCLOAK = "export { default } from 'keycloak-js';";
const OIDC_SPA = "export { createOidc } from 'oidc-spa/core';";

/** The imports of an app without the end of a session, with an idle limit, and with calls that wait, too. */
const IMPORTS: Readonly<Record<IdlePeerName, readonly (string | null)[]>> = {
  unexpired: [CORE, `${CORE} export { limitSession } from '../../dist/core.js';`, `${CORE} export { limitSession, holdCalls } from '../../dist/core.js';`],
  'oidc-spa': [OIDC_SPA, OIDC_SPA, null],
  'keycloak-angular': [KEYCLOAK, `${KEYCLOAK} export { AutoRefreshTokenService, UserActivityService, createKeycloakSignal } from 'keycloak-angular';`, null],
  axa: [AXA, `${AXA} export { useIdleTimer } from 'react-idle-timer';`, null],
};

async function bytesTable(peers: readonly IdlePeerName[]): Promise<Table> {
  const rows = await Promise.all(peers.map(async (peer): Promise<Row> => {
    const [without = null, idle = null, held = null] = await Promise.all(IMPORTS[peer].map(async (code) => code && (await bytesOf(code)).brotli));
    return { peer, title: IDLE_PEERS[peer].title, cells: { without, idle, held } };
  }));
  const column = { digits: 2, tolerance: 1.03 };
  return {
    id: 'session-end-bytes',
    title: 'Bytes of the end of a session',
    note: 'Brotli, kB. React, Angular and RxJS are not counted, because the app has them.',
    columns: [{ key: 'without', title: 'an app without it', ...column }, { key: 'idle', title: 'with an idle limit', ...column }, { key: 'held', title: 'and with calls that wait', ...column }],
    rows,
  };
}
