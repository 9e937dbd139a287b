import { PEERS } from '../peers/names.ts';
import { REVOKED } from './burst.ts';
import { playRounds, SESSION_PEERS, type Stage, type Visit } from './stage.ts';
import { inTurn, range, type Table } from './table.ts';

const TABS = 8;
const CALLS = 20;

/** 20 calls at once in each of 8 tabs. */
export async function measureTabs(stage: Stage, token: 'expired' | 'revoked', rounds: number): Promise<Table> {
  const rows = await inTurn(SESSION_PEERS, async (peer) => {
    const played = await playRounds(stage, peer, token === 'expired' ? 'expired' : 'fresh', rounds, (visit) => play(visit, token));
    const cells = {
      refreshes: range(played.map(({ refreshes }) => refreshes)),
      reuses: range(played.map(({ reuses }) => reuses)),
      ok: range(played.map(({ ok }) => ok)),
      lived: `${played.filter(({ lived }) => lived).length} of ${rounds}`,
    };
    return { peer, title: PEERS[peer].title, cells };
  });
  return {
    id: `tabs-${token}`,
    title: `8 tabs, 20 calls at once in each, token ${token}`,
    note: `Refresh tokens work once; a second use ends the session. oidc-client-ts and Axa's client keep their user in \`localStorage\` here, which tabs share; by default each tab of theirs has a session of its own. ${token === 'revoked' ? `${REVOKED} ` : ''}${rounds} rounds each.`,
    columns: [
      { key: 'refreshes', title: 'refreshes', tolerance: 1 },
      { key: 'reuses', title: 'spent tokens sent', tolerance: 1 },
      { key: 'ok', title: 'answers of 160', better: 'higher', tolerance: 1 },
      { key: 'lived', title: 'sessions that lived', better: 'higher', tolerance: 1 },
    ],
    rows,
  };
}

async function play(visit: Visit, token: 'expired' | 'revoked') {
  const tabs = await openTabs(visit);
  if (token === 'revoked') {
    await Promise.all(tabs.map((tab) => tab.open()));
    visit.world.family.revokeAccessToken();
  }
  const ended = await Promise.all(tabs.map((tab) => (token === 'revoked' ? tab.burst(CALLS) : tab.open().then(() => tab.burst(CALLS)))));
  const { tally, family } = visit.world;
  return { refreshes: tally.refreshes, reuses: family.reuses, ok: ended.reduce((sum, { ok }) => sum + ok, 0), lived: family.alive };
}

function openTabs(visit: Visit) {
  return Promise.all(Array.from({ length: TABS }, () => visit.openTab()));
}
