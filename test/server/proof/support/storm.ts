import type { Random } from '../../../../bench/fleet/random.ts';
import { delay } from '../../support/until.ts';
import type { Browsers } from './browsers.ts';
import type { Instance } from './fleet.ts';
import type { BrowserSession } from './types.ts';

/** How many sessions send requests at the same time. */
const SESSIONS_AT_ONCE = 32;

/** How many requests each session sends at once. */
const REQUESTS = 3;

/** The longest time between the requests of a session and its sign-out, ms. */
const SIGN_OUT_WITHIN_MS = 60;

/** Draws one of a list. */
export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

/** Runs a task for each item, some at a time. */
export async function inParallel<T>(items: readonly T[], atOnce: number, task: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = [...items];
  const work = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await task(item);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** Sends a few requests of each session at once to any instances. Some users sign out meanwhile, and their browsers still use the cookie. */
export async function storm(sessions: readonly BrowserSession[], instances: readonly Instance[], browsers: Browsers, random: Random, signOutShare: number): Promise<void> {
  const draw = () => pick(random, instances);
  await inParallel(sessions, SESSIONS_AT_ONCE, async (session) => {
    const calls = Array.from({ length: REQUESTS }, () => browsers.call(session, draw()));
    if (random() >= signOutShare) return Promise.all(calls);
    await delay(random() * SIGN_OUT_WITHIN_MS);
    await browsers.signOut(session, draw());
    return Promise.all([...calls, browsers.call(session, draw()), browsers.call(session, draw())]);
  });
}
