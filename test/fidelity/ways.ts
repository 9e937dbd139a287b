/** Native `fetch`, or one of the ways in which `client.fetch` sends a call. */
export type Way = 'natively' | (typeof WAYS)[number] | 'signed out';

/** The ways in which `client.fetch` must do what native `fetch` does. */
export const WAYS = ['at once', 'after a wait', 'with a replay', 'with a replay by bonfire', 'through interceptors'] as const;

/** The ways in which the API rejects the first send, by the wire profile. */
export const REPLAYS = ['with a replay', 'with a replay by bonfire'] as const satisfies readonly Way[];

/** The ways in which a call is sent once. */
export const WITHOUT_REPLAY = WAYS.filter((way) => !way.startsWith('with a replay'));

/** The ways in which a call is sent at once. */
export const WITHOUT_REFRESH = ['at once', 'through interceptors'] as const;

/** The result of calls that were drawn, each sent natively and by `client.fetch`. */
export interface Drawn {
  readonly calls: number;
  /** How many sends were rejected. */
  readonly rejections: number;
  /** Each call with another outcome. */
  readonly differences: readonly { readonly call: string; readonly natively: unknown; readonly ours: unknown }[];
}

/** Draws calls from a seed and sends them in the page. Each first send with a token is rejected. */
export type RunDrawn = (seed: number, count: number, way: (typeof REPLAYS)[number]) => Promise<Drawn>;

/** Runs a case in the page. */
export type RunCase = (name: string, way: Way) => Promise<{ outcome: unknown; unhandled: unknown[]; refreshes: number }>;
