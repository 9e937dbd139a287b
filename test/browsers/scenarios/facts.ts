import { expect, it } from 'vitest';
import type { Setup } from '../support/engine-setup.ts';

/** The properties of engines that the other scenarios rely on. */
export function describeFacts(setup: Setup): void {
  it('a page on this machine has a secure context, and its tabs share locks, channels and databases', async () => {
    const profile = await setup.openTabs(2);
    const [first, second] = profile.tabs;
    expect(await profile.askAll((tab) => tab.ask('facts'))).toMatchObject([{ secure: true, locks: true }, { secure: true, locks: true }]);

    const sessionId = await profile.signIn();
    expect((await second?.ask('seen'))?.sessionId).toBe(sessionId);
    expect(await second?.ask('storedText')).toBe(await first?.ask('storedText'));
    await first?.ask('takeLock');
    setup.api.api.revokeAccessTokens();
    await second?.ask('startBurst', 'locked-out', 1);
    await first?.ask('untilLockWanted', 1);
    await first?.ask('freeLock');
    expect(await second?.ask('burstOutcome', 'locked-out')).toMatchObject({ answered: 1 });
  });

  it('a client that is disposed of leaves the queue for the refresh lock', async () => {
    const profile = await setup.openTabs(2);
    const [first, second] = profile.tabs;
    await profile.signIn();
    await first?.ask('takeLock');
    setup.api.api.revokeAccessTokens();
    await second?.ask('startBurst', 'disposed', 1);
    await first?.ask('untilLockWanted', 1);
    await second?.ask('dispose');
    await first?.ask('untilLockWanted', 0);
    expect(await second?.ask('burstOutcome', 'disposed')).toMatchObject({ answered: 0, others: { disposed: 1 } });
    await setup.closeProfile();
  });

  it('a profile shares no session with another profile', async () => {
    const profile = await setup.openTabs(1);
    await profile.signIn();
    await setup.closeProfile();
    const other = await setup.openTabs(1);
    await other.first.ask('untilSession', null);
    expect(await other.first.ask('seen')).toMatchObject({ status: 'signedOut', endReason: null });
  });
}
