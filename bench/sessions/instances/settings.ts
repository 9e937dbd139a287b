/** The settings of an instance at its start. */
export interface Settings {
  readonly peer: string;
  /** By how much the clock is ahead at the start, ms. */
  readonly clockMs: number;
  readonly authority: string;
  /** An API over plain HTTP that answers at once, for the proxies. */
  readonly api: string;
  readonly appOrigin: string;
  readonly redisPort: number;
  /** The connection string, or `null` without Postgres. */
  readonly postgres: string | null;
}

/** What the benchmark asks of an instance. */
export type Command =
  | { readonly type: 'clock'; readonly offsetMs: number }
  | { readonly type: 'round-trips' }
  | { readonly type: 'memory' }
  | { readonly type: 'processor-time' }
  | { readonly type: 'sign-in'; readonly count: number };

export interface Asked {
  readonly id: number;
  readonly command: Command;
}

export type Told = { readonly port: number } | { readonly id: number; readonly value: number };
