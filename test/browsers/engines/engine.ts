/** The engines that the tab scenarios run in. */
export const ENGINES = ['chromium', 'firefox', 'webkit'] as const;

export type EngineName = (typeof ENGINES)[number];

/** One real tab. */
export interface EngineTab {
  /** Evaluates an expression in the page, waits for what it promises, and brings back what JSON can carry. */
  readonly evaluate: (expression: string) => Promise<unknown>;
  /** Closes the tab as its user would, whatever it is doing. */
  readonly close: () => Promise<void>;
}

/** A browser profile: its tabs share storage, locks and channels, and nobody else does. */
export interface Profile {
  readonly openTab: (url: string) => Promise<EngineTab>;
  /** What consoles said, what pages threw and where requests went, as far as the engine tells. */
  readonly overheard: string[];
  readonly close: () => Promise<void>;
}

/** An engine that runs. */
export interface RunningEngine {
  readonly version: string;
  readonly openProfile: () => Promise<Profile>;
  /** Ends every process of it. */
  readonly close: () => Promise<void>;
}

/** How to start an engine. */
export interface LaunchOptions {
  /** The browser, or for WebKit its driver. */
  readonly path: string;
  /** Lets background tabs keep their timers (Firefox clamps them to 1 s). */
  readonly freeTimers?: boolean;
  /** Names that lead to this machine without being a secure context (Chromium alone can be told so). */
  readonly insecureHost?: string;
}
