import { expect, it } from 'vitest';
import type { Stage } from '../support/stage.ts';

/** What the other scenarios take for granted. */
export function describeFacts(stage: Stage): void {
  it('gives a page on this machine a secure context with locks, channels and databases that its tabs share', async () => {
    const visit = await stage.visit(2);
    const [first, second] = visit.tabs;
    expect(await visit.askAll((tab) => tab.ask('facts'))).toMatchObject([{ secure: true, locks: true }, { secure: true, locks: true }]);

    const sessionId = await visit.signIn();
    expect((await second?.ask('seen'))?.sessionId).toBe(sessionId);
    expect(await second?.ask('storedText')).toBe(await first?.ask('storedText'));
    await first?.ask('takeLock');
    stage.api.api.revokeAccessTokens();
    await second?.ask('startBurst', 'locked-out', 1);
    await first?.ask('untilLockWanted', 1);
    await first?.ask('freeLock');
    expect(await second?.ask('burstOutcome', 'locked-out')).toMatchObject({ answered: 1 });
  });

  it('takes a client that is disposed of out of the queue for the lock', async () => {
    const visit = await stage.visit(2);
    const [first, second] = visit.tabs;
    await visit.signIn();
    await first?.ask('takeLock');
    stage.api.api.revokeAccessTokens();
    await second?.ask('startBurst', 'disposed', 1);
    await first?.ask('untilLockWanted', 1);
    await second?.ask('dispose');
    await first?.ask('untilLockWanted', 0);
    expect(await second?.ask('burstOutcome', 'disposed')).toMatchObject({ answered: 0, others: { disposed: 1 } });
    await stage.leave();
  });

  it('shares nothing with another profile', async () => {
    const visit = await stage.visit(1);
    await visit.signIn();
    await stage.leave();
    const stranger = await stage.visit(1);
    await stranger.first.ask('untilSession', null);
    expect(await stranger.first.ask('seen')).toMatchObject({ status: 'signedOut', endReason: null });
  });
}
