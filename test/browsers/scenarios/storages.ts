import { expect, it } from 'vitest';
import { sumOf } from '../support/result.ts';
import { FEWER_ROUNDS, FULL, type Stage } from '../support/stage.ts';
import { leakedPieces } from '../support/token-search.ts';
import { endureRevocation } from './burst.ts';

const CALLS = 5;

/** The storages that are not the default one. */
export function describeStorages(stage: Stage): void {
  it('refreshes once when 8 tabs make 20 calls each on a revoked token that is kept in localStorage', async () => {
    await endureRevocation(stage, 'revoked, localStorage', FEWER_ROUNDS, { storage: 'localStorage' });
    const visit = await stage.visit(1, { storage: 'localStorage' });
    expect(leakedPieces(stage.api.tokens, [await visit.first.ask('storedText')])).not.toEqual([]);
  });

  // A lease goes by timers, which a busy Firefox or WebKitGTK outruns: the README promises nothing there.
  it.runIf(FULL && stage.name === 'chromium')('refreshes once when 8 tabs do so with localStorage without Web Locks', async () => {
    await endureRevocation(stage, 'revoked, localStorage without Web Locks', FEWER_ROUNDS, { storage: 'localStorage', locks: 'off' });
  });

  it('keeps a session in sessionStorage over a reload', async () => {
    const visit = await stage.visit(1, { storage: 'sessionStorage' });
    const sessionId = await visit.signIn();
    await visit.reloadAll(CALLS);
    const { answered } = await visit.first.ask('burstOutcome', 'load');

    const { refreshes, reuses } = stage.api.api.counts;
    const lived = (await visit.first.ask('seen')).sessionId === sessionId;
    stage.note(sumOf(stage.title, 'sessionStorage, reloaded', [{ refreshes, reuses, answers: answered, calls: CALLS, lived }]));
    expect({ answered, refreshes, reuses, lived }).toEqual({ answered: CALLS, refreshes: 0, reuses: 0, lived: true });
  });

  it('starts a duplicated tab signed out with sessionStorage, and leaves the original its session', async ({ skip }) => {
    const visit = await stage.visit(1, { storage: 'sessionStorage' });
    const sessionId = await visit.signIn();
    const atStart = await visit.first.ask('openDuplicate');
    if (atStart === null) return skip('This engine lets no page open a tab.');
    stage.api.api.revokeAccessTokens();
    await visit.first.ask('startBurst', 'original', CALLS);
    const { answered } = await visit.first.ask('burstOutcome', 'original');
    const inTheEnd = await visit.first.ask('seenByDuplicate');
    await visit.first.ask('closeDuplicate');

    const { refreshes, reuses } = stage.api.api.counts;
    const lived = (await visit.first.ask('seen')).sessionId === sessionId;
    stage.note(sumOf(stage.title, 'sessionStorage, tab duplicated', [{ refreshes, reuses, answers: answered, calls: CALLS, lived }]));
    expect([atStart, inTheEnd]).toMatchObject([{ status: 'signedOut', sessionId: null }, { status: 'signedOut', sessionId: null }]);
    expect({ answered, refreshes, reuses, lived }).toEqual({ answered: CALLS, refreshes: 1, reuses: 0, lived: true });
  });

  it('leaves no piece of a token in any database or storage area that is encrypted', async () => {
    await endureRevocation(stage, 'revoked, encrypted, 2 tabs', FEWER_ROUNDS, { storage: 'encrypted' }, 2);
    const visit = await stage.visit(2, { storage: 'encrypted' });
    for (const stored of await visit.askAll((tab) => tab.ask('storedText'))) {
      expect(stored).toMatch(/"v1\.[\w-]{16}\.[\w-]{100,}"/);
      expect(stored).toContain('a key for decrypt,encrypt, extractable: false');
      expect(leakedPieces(stage.api.tokens, [stored])).toEqual([]);
    }
  });
}
