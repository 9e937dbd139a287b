/** The engines that the tab scenarios run in. */
export const ENGINES = ['chromium', 'firefox', 'webkit'] as const;

export type EngineName = (typeof ENGINES)[number];

/** One real tab. */
export interface EngineTab {
  /** Evaluates an expression in the page, awaits its promise, and returns the value as far as JSON can carry it. */
  readonly evaluate: (expression: string) => Promise<unknown>;
  /** Closes the tab as a user would, even while it works. */
  readonly close: () => Promise<void>;
}

/** A browser profile. Its tabs share storage, locks and channels with each other, and with no other profile. */
export interface Profile {
  readonly openTab: (url: string) => Promise<EngineTab>;
  /** Console messages, page errors and the addresses of requests, as far as the engine reports them. */
  readonly output: string[];
  readonly close: () => Promise<void>;
}

/** A running engine. */
export interface RunningEngine {
  readonly version: string;
  readonly openProfile: () => Promise<Profile>;
  /** Ends every process of the engine. */
  readonly close: () => Promise<void>;
}

/** What an engine does with cookies of another site than the page's. */
export type ThirdPartyCookies = 'allowed' | 'partitioned' | 'blocked';

/** How to start an engine. */
export interface LaunchOptions {
  /** The path of the browser, or of the driver for WebKit. */
  readonly path: string;
  /** Lets background tabs keep their timers (Firefox clamps them to 1 s). */
  readonly freeTimers?: boolean;
  /** A host name that leads to this machine without being a secure context. Only Chromium supports it. */
  readonly insecureHost?: string;
  /** The port of a proxy on this machine for all requests. The engine then accepts any certificate. */
  readonly proxyPort?: number;
  /** By default the engine decides. Only Firefox can partition them, and it cannot allow them here. */
  readonly thirdPartyCookies?: ThirdPartyCookies;
}
