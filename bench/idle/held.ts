import type { Browser } from 'playwright-core';
import type { Authority } from './authority.ts';
import type { IdlePeerName } from './names.ts';
import { openPage, openSignedIn, signIn } from './situations.ts';

/** How long a held call may take to go on after the user has signed in again, ms. */
const PATIENCE_MS = 3000;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Ends a session, calls the API, and signs the same user in again in another tab. Returns whether the API got the call once, with its body. */
export async function runHeldRound(authority: Authority, browser: Browser, peer: IdlePeerName, round: number): Promise<boolean> {
  const { context, world, page } = await openSignedIn(authority, browser, peer);
  const text = `the text of round ${round}`;
  const received = () => world.calls.filter(({ body }) => body === text).length;
  world.endSessions();
  await page.evaluate((body) => void window.idle?.call(body).catch(() => undefined), text).catch(() => undefined);
  await pause(500);
  const other = await openPage(context, world);
  await signIn(other).catch(() => undefined);
  for (const stopAt = Date.now() + PATIENCE_MS; Date.now() < stopAt && received() === 0; ) await pause(100);
  await pause(200);
  const isRight = received() === 1;
  await context.close();
  return isRight;
}
