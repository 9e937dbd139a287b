import { FULL, type Setup } from '../support/engine-setup.ts';
import { describeBackAndForth } from './back-forward.ts';
import { describeBursts } from './burst.ts';
import { describeClosedTabs } from './closed-tab.ts';
import { describeCookieBursts } from './cookie.ts';
import { describeCookieClosedTabs } from './cookie-closed-tab.ts';
import { describeCookieSessions } from './cookie-ending.ts';
import { describeEndings } from './ending.ts';
import { describeFacts } from './facts.ts';
import { describeIdleSessions } from './idle.ts';
import { describeLeaks, describeTokenSearch } from './leaks.ts';
import { describeReloads } from './reload.ts';
import { describeStorages } from './storages.ts';
import { describeWithoutLocks } from './without-locks.ts';

/** A host name that leads to this machine without being a secure context. */
export const INSECURE_HOST = 'plain.test';

/** The scenarios of every engine. The search for leaked tokens comes last. */
export function describeScenarios(setup: Setup): void {
  describeBursts(setup);
  describeReloads(setup);
  describeClosedTabs(setup);
  describeEndings(setup);
  describeBackAndForth(setup);
  describeTokenSearch(setup);
  describeFacts(setup);
  if (setup.name === 'chromium') describeWithoutLocks(setup, 'an insecure context', { host: INSECURE_HOST });
  if (setup.name !== 'chromium' || FULL) describeWithoutLocks(setup, 'pages without Web Locks', { locks: 'off' });
  describeStorages(setup);
  describeCookieBursts(setup);
  describeCookieClosedTabs(setup);
  describeCookieSessions(setup);
  describeIdleSessions(setup);
  describeLeaks(setup);
}
