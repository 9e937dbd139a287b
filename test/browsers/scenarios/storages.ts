import { expect, it } from 'vitest';
import { sumOf } from '../support/result.ts';
import { FEWER_ROUNDS, type Setup } from '../support/engine-setup.ts';
import { leakedPieces } from '../support/token-search.ts';
import { expectOneRefreshAfterRevocation } from './burst.ts';

const CALLS = 5;

/** The storages other than the default. */
export function describeStorages(setup: Setup): void {
  it('a session in sessionStorage survives a reload', async () => {
    const profile = await setup.openTabs(1, { storage: 'sessionStorage' });
    const sessionId = await profile.signIn();
    await profile.reloadAll(CALLS);
    const { answered } = await profile.first.ask('burstOutcome', 'load');

    const { refreshes, reuses } = setup.api.api.counts;
    const lived = (await profile.first.ask('seen')).sessionId === sessionId;
    setup.record(sumOf(setup.title, 'sessionStorage, reloaded', [{ refreshes, reuses, answers: answered, calls: CALLS, lived }]));
    expect({ answered, refreshes, reuses, lived }).toEqual({ answered: CALLS, refreshes: 0, reuses: 0, lived: true });
  });

  it('a duplicated tab with sessionStorage starts signed out, and the original keeps its session', async ({ skip }) => {
    const profile = await setup.openTabs(1, { storage: 'sessionStorage' });
    const sessionId = await profile.signIn();
    const atStart = await profile.first.ask('openDuplicate');
    if (atStart === null) return skip('This engine lets no page open a tab.');
    setup.api.api.revokeAccessTokens();
    await profile.first.ask('startBurst', 'original', CALLS);
    const { answered } = await profile.first.ask('burstOutcome', 'original');
    const inTheEnd = await profile.first.ask('seenByDuplicate');
    await profile.first.ask('closeDuplicate');

    const { refreshes, reuses } = setup.api.api.counts;
    const lived = (await profile.first.ask('seen')).sessionId === sessionId;
    setup.record(sumOf(setup.title, 'sessionStorage, tab duplicated', [{ refreshes, reuses, answers: answered, calls: CALLS, lived }]));
    expect([atStart, inTheEnd]).toMatchObject([{ status: 'signedOut', sessionId: null }, { status: 'signedOut', sessionId: null }]);
    expect({ answered, refreshes, reuses, lived }).toEqual({ answered: CALLS, refreshes: 1, reuses: 0, lived: true });
  });

  it('encrypted storage leaves no piece of a token in any database or storage area', async () => {
    await expectOneRefreshAfterRevocation(setup, 'revoked, encrypted, 2 tabs', FEWER_ROUNDS, { storage: 'encrypted' }, 2);
    const profile = await setup.openTabs(2, { storage: 'encrypted' });
    for (const stored of await profile.askAll((tab) => tab.ask('storedText'))) {
      expect(stored).toMatch(/"v1\.[\w-]{16}\.[\w-]{100,}"/);
      expect(stored).toContain('a key for decrypt,encrypt, extractable: false');
      expect(leakedPieces(setup.api.tokens, [stored])).toEqual([]);
    }
  });
}
