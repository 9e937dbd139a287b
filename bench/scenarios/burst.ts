import { PEERS } from '../peers/names.ts';
import { playRounds, SESSION_PEERS, type Stage, type Visit } from './stage.ts';
import { inTurn, range, type Table } from './table.ts';

const CALLS = 200;

/** Also said of the tabs. */
export const REVOKED =
  'The API stopped taking the token while the page was open. auth0-spa-js, multitab-token-refresh, oidc-client-ts and supabase-js are asked for a token before each call and do not see its answer, and Axa\'s `fetch` does not look at it: they cannot know.';

interface Burst {
  readonly refreshes: number;
  readonly rejected: number;
  readonly ok: number;
  readonly lived: boolean;
}

/** 200 calls at once, in one page. */
export async function measureBurst(stage: Stage, token: 'expired' | 'revoked', latency: 'steady' | 'spread', rounds: number): Promise<Table> {
  const rows = await inTurn(SESSION_PEERS, async (peer) => {
    const played = await playRounds(stage, peer, token === 'expired' ? 'expired' : 'fresh', rounds, (visit) => play(visit, token, latency));
    const of = (key: 'refreshes' | 'rejected' | 'ok') => range(played.map((each) => each[key]));
    return { peer, title: PEERS[peer].title, cells: { refreshes: of('refreshes'), rejected: of('rejected'), ok: of('ok'), lived: `${played.filter(({ lived }) => lived).length} of ${rounds}` } };
  });
  return {
    id: `burst-${token}-${latency}`,
    title: `200 calls at once, token ${token}${latency === 'spread' ? ', answers after 15 to 415 ms' : ''}`,
    note: `${token === 'expired' ? 'The page was away while the token ran out.' : REVOKED} ${rounds} rounds each.`,
    columns: [
      { key: 'refreshes', title: 'refreshes', tolerance: 1 },
      { key: 'rejected', title: 'rejected sends', tolerance: 1 },
      { key: 'ok', title: 'answers of 200', better: 'higher', tolerance: 1 },
      { key: 'lived', title: 'sessions that lived', better: 'higher', tolerance: 1 },
    ],
    rows,
  };
}

async function play({ world, openTab }: Visit, token: 'expired' | 'revoked', latency: 'steady' | 'spread'): Promise<Burst> {
  if (latency === 'spread') world.latencyMs = () => 15 + Math.random() * 400;
  const tab = await openTab();
  await tab.open();
  if (token === 'revoked') world.family.revokeAccessToken();
  const { ok } = await tab.burst(CALLS);
  const { refreshes, rejected } = world.tally;
  return { refreshes, rejected, ok, lived: world.family.alive };
}
