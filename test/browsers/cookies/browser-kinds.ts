import type { EngineName, ThirdPartyCookies } from '../engines/engine.ts';

/** An engine with one policy for the cookies of other sites. */
export interface BrowserKind {
  readonly engine: EngineName;
  readonly title: string;
  readonly thirdParty: ThirdPartyCookies;
}

/** The columns of the table. In each engine, the policy that its users have without changing a setting comes first. */
export const BROWSER_KINDS: readonly BrowserKind[] = [
  { engine: 'chromium', title: 'Chromium', thirdParty: 'allowed' },
  { engine: 'chromium', title: 'Chromium, third-party cookies blocked', thirdParty: 'blocked' },
  { engine: 'firefox', title: 'Firefox', thirdParty: 'partitioned' },
  { engine: 'firefox', title: 'Firefox, third-party cookies blocked', thirdParty: 'blocked' },
  { engine: 'webkit', title: 'WebKitGTK', thirdParty: 'blocked' },
  { engine: 'webkit', title: 'WebKitGTK, third-party cookies allowed', thirdParty: 'allowed' },
];
