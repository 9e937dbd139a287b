/** Natively, or one of the ways that a call of ours can go. */
export type Way = 'natively' | (typeof WAYS)[number] | 'signed out';

/** The ways on which ours must show what native `fetch` does. */
export const WAYS = ['at once', 'after a wait', 'with a replay', 'through interceptors'] as const;

/** Where a call is sent once. */
export const WITHOUT_REPLAY = WAYS.filter((way) => way !== 'with a replay');

/** Where a call is sent at once. */
export const WITHOUT_REFRESH = ['at once', 'through interceptors'] as const;

/** Plays a case in the page. */
export type Play = (name: string, way: Way) => Promise<{ outcome: unknown; unhandled: unknown[]; refreshes: number }>;
