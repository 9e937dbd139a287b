import type { Stage } from '../support/stage.ts';
import { describeBackAndForth } from './back-forward.ts';
import { describeBursts } from './burst.ts';
import { describeClosedTabs } from './closed-tab.ts';
import { describeEndings } from './ending.ts';
import { describeFacts } from './facts.ts';
import { describeLeaks, describeLookout } from './leaks.ts';
import { describeReloads } from './reload.ts';
import { describeWithoutLocks } from './without-locks.ts';

/** What every engine has to go through; the search for leaked tokens comes last. */
export function describeScenarios(stage: Stage): void {
  describeBursts(stage);
  describeReloads(stage);
  describeClosedTabs(stage);
  describeEndings(stage);
  describeBackAndForth(stage);
  describeLookout(stage);
  describeFacts(stage);
  describeWithoutLocks(stage, 'pages without Web Locks', { locks: 'off' });
  describeLeaks(stage);
}
