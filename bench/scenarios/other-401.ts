import { setTimeout as wait } from 'node:timers/promises';
import { PEERS } from '../peers/names.ts';
import { clearTally } from '../server/world.ts';
import { SESSION_PEERS, signedIn, type Setup } from './setup.ts';
import { inTurn, type Table } from './table.ts';

/** Measures one call that is answered 401 for a reason that no refresh can fix. */
export async function measureOther401(setup: Setup): Promise<Table> {
  const rows = await inTurn(setup.choose(SESSION_PEERS), async (peer) => {
    const { world, openTab, close } = await signedIn(setup, peer, 'fresh');
    const tab = await openTab();
    await tab.open();
    clearTally(world); // Some peers refresh at each start.
    await Promise.race([tab.burst(1, '/other-401'), wait(10_000)]);
    const { refreshes, sends } = world.tally;
    await close();
    return { peer, title: PEERS[peer].title, cells: { refreshes, sends, session: world.family.alive ? 'lives' : 'lost' } };
  });
  return {
    id: 'other-401',
    title: 'A 401 that is not about the token',
    note: 'One call, answered 401 without `error="invalid_token"` however often it is sent. A client that has not stopped after 10 s is stopped then.',
    columns: [
      { key: 'refreshes', title: 'useless refreshes', tolerance: 1 },
      { key: 'sends', title: 'sends', tolerance: 1 },
      { key: 'session', title: 'session', tolerance: 1 },
    ],
    rows,
  };
}
