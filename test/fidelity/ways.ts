/** Native `fetch`, or one of the ways in which `client.fetch` sends a call. */
export type Way = 'natively' | (typeof WAYS)[number] | 'signed out';

/** The ways in which `client.fetch` must do what native `fetch` does. */
export const WAYS = ['at once', 'after a wait', 'with a replay', 'through interceptors'] as const;

/** The ways in which a call is sent once. */
export const WITHOUT_REPLAY = WAYS.filter((way) => way !== 'with a replay');

/** The ways in which a call is sent at once. */
export const WITHOUT_REFRESH = ['at once', 'through interceptors'] as const;

/** Runs a case in the page. */
export type RunCase = (name: string, way: Way) => Promise<{ outcome: unknown; unhandled: unknown[]; refreshes: number }>;
