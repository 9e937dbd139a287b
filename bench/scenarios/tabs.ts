import { PEERS } from '../peers/names.ts';
import { REVOKED } from './burst.ts';
import { runRounds, SESSION_PEERS, type Setup, type PeerSession } from './setup.ts';
import { inTurn, range, type Table } from './table.ts';

const TABS = 8;
const CALLS = 20;

/** Measures 20 calls at once in each of 8 tabs. */
export async function measureTabs(setup: Setup, token: 'expired' | 'revoked', rounds: number): Promise<Table> {
  const rows = await inTurn(setup.choose(SESSION_PEERS), async (peer) => {
    const results = await runRounds(setup, peer, token === 'expired' ? 'expired' : 'fresh', rounds, (session) => runRound(session, token));
    const cells = {
      refreshes: range(results.map(({ refreshes }) => refreshes)),
      reuses: range(results.map(({ reuses }) => reuses)),
      ok: range(results.map(({ ok }) => ok)),
      lived: `${results.filter(({ lived }) => lived).length} of ${rounds}`,
    };
    return { peer, title: PEERS[peer].title, cells };
  });
  return {
    id: `tabs-${token}`,
    title: `8 tabs, 20 calls at once in each, token ${token}`,
    note: `A refresh token works once, and a second use ends the session. oidc-client-ts, msal-browser and Axa's client keep their user in \`localStorage\` here, which tabs share. By default each of their tabs has its own session. Each tab of keycloak-js starts with the tokens that the app stored. authkit-js and keycloak-js refresh at each start. In Chromium, a tab that gets a Web Lock can still read an old value from \`localStorage\`. So authkit-js and the wrapper with Web Locks send spent tokens. ${token === 'revoked' ? `${REVOKED} ` : ''}${rounds} rounds each.`,
    columns: [
      { key: 'refreshes', title: 'refreshes', tolerance: 1 },
      { key: 'reuses', title: 'spent tokens sent', tolerance: 1 },
      { key: 'ok', title: 'answers of 160', better: 'higher', tolerance: 1 },
      { key: 'lived', title: 'sessions that lived', better: 'higher', tolerance: 1 },
    ],
    rows,
  };
}

async function runRound(session: PeerSession, token: 'expired' | 'revoked') {
  const tabs = await openTabs(session);
  if (token === 'revoked') {
    await Promise.all(tabs.map((tab) => tab.open()));
    session.world.family.revokeAccessTokens();
  }
  const ended = await Promise.all(tabs.map((tab) => (token === 'revoked' ? tab.burst(CALLS) : tab.open().then(() => tab.burst(CALLS)))));
  const { tally, family } = session.world;
  return { refreshes: tally.refreshes, reuses: family.reuses, ok: ended.reduce((sum, { ok }) => sum + ok, 0), lived: family.alive };
}

function openTabs(session: PeerSession) {
  return Promise.all(Array.from({ length: TABS }, () => session.openTab()));
}
