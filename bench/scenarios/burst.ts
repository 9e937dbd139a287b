import { PEERS } from '../peers/names.ts';
import { clearTally } from '../server/world.ts';
import { runRounds, SESSION_PEERS, type Setup, type PeerSession } from './setup.ts';
import { inTurn, range, type Table } from './table.ts';

const CALLS = 200;

/** The note on revoked tokens, also for the tables of 8 tabs. */
export const REVOKED =
  'The API revoked the token while the page was open. auth0-spa-js, authkit-js, keycloak-js, msal-browser, multitab-token-refresh, oidc-client-ts, okta-auth-js and supabase-js give out a token before each call and do not get its answer. Axa\'s `fetch` does not read the answer. None of them can detect a revocation.';

interface Burst {
  readonly refreshes: number;
  readonly rejected: number;
  readonly ok: number;
  readonly lived: boolean;
}

/** Measures 200 calls at once in one page. */
export async function measureBurst(setup: Setup, token: 'expired' | 'revoked', latency: 'steady' | 'spread', rounds: number): Promise<Table> {
  const rows = await inTurn(setup.choose(SESSION_PEERS), async (peer) => {
    const results = await runRounds(setup, peer, token === 'expired' ? 'expired' : 'fresh', rounds, (session) => runRound(session, token, latency));
    const of = (key: 'refreshes' | 'rejected' | 'ok') => range(results.map((each) => each[key]));
    return { peer, title: PEERS[peer].title, cells: { refreshes: of('refreshes'), rejected: of('rejected'), ok: of('ok'), lived: `${results.filter(({ lived }) => lived).length} of ${rounds}` } };
  });
  return {
    id: `burst-${token}-${latency}`,
    title: `200 calls at once, token ${token}${latency === 'spread' ? ', answers after 15 to 415 ms' : ''}`,
    note: `${token === 'expired' ? 'The token expired while no page was open.' : REVOKED} ${rounds} rounds each.`,
    columns: [
      { key: 'refreshes', title: 'refreshes', tolerance: 1 },
      { key: 'rejected', title: 'rejected sends', tolerance: 1 },
      { key: 'ok', title: 'answers of 200', better: 'higher', tolerance: 1 },
      { key: 'lived', title: 'sessions that lived', better: 'higher', tolerance: 1 },
    ],
    rows,
  };
}

async function runRound({ world, openTab }: PeerSession, token: 'expired' | 'revoked', latency: 'steady' | 'spread'): Promise<Burst> {
  if (latency === 'spread') world.latencyMs = () => 15 + Math.random() * 400;
  const tab = await openTab();
  await tab.open();
  if (token === 'revoked') {
    world.family.revokeAccessTokens();
    clearTally(world); // Some peers refresh at each start.
  }
  const { ok } = await tab.burst(CALLS);
  const { refreshes, rejected } = world.tally;
  return { refreshes, rejected, ok, lived: world.family.alive };
}
