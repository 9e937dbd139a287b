import { FULL, type Stage } from '../support/stage.ts';
import { describeBackAndForth } from './back-forward.ts';
import { describeBursts } from './burst.ts';
import { describeClosedTabs } from './closed-tab.ts';
import { describeEndings } from './ending.ts';
import { describeFacts } from './facts.ts';
import { describeLeaks, describeLookout } from './leaks.ts';
import { describeReloads } from './reload.ts';
import { describeStorages } from './storages.ts';
import { describeWithoutLocks } from './without-locks.ts';

/** A name that leads to this machine, but not to a secure context. */
export const INSECURE_HOST = 'plain.test';

/** What every engine has to go through; the search for leaked tokens comes last. */
export function describeScenarios(stage: Stage): void {
  describeBursts(stage);
  describeReloads(stage);
  describeClosedTabs(stage);
  describeEndings(stage);
  describeBackAndForth(stage);
  describeLookout(stage);
  describeFacts(stage);
  if (stage.name === 'chromium') describeWithoutLocks(stage, 'an insecure context', { host: INSECURE_HOST });
  if (stage.name !== 'chromium' || FULL) describeWithoutLocks(stage, 'pages without Web Locks', { locks: 'off' });
  describeStorages(stage);
  describeLeaks(stage);
}
