import { limitSession, type AuthClient, type AuthClientConfig, type SessionLimitOptions, type SessionLimits } from 'unexpired/core';
import type { Tab, TabOptions } from '../../support/world.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const IDLE: SessionLimitOptions = { idle: { timeoutMs: 15 * MINUTE } };

/** A tab whose session is limited. */
export interface LimitedTab {
  readonly tab: Tab;
  readonly auth: AuthClient;
  readonly limits: SessionLimits;
}

/** A setup that opens tabs. */
interface Opens {
  readonly open: (config?: Config, options?: TabOptions) => { readonly tab: Tab; readonly auth: AuthClient };
}

type Config = Omit<Partial<AuthClientConfig>, 'platform'>;

/** Opens a tab whose session is limited. */
export function openLimited(setup: Opens, options: SessionLimitOptions = IDLE, config: Config = {}): LimitedTab {
  const opened = setup.open(config);
  return { ...opened, limits: limitSession(opened.auth, options) };
}

export const statusOf = (auth: AuthClient) => auth.getSnapshot().status;
