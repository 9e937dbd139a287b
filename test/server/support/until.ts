import { patience } from '../../support/pace.ts';

/** How often a condition outside this process is looked at, ms. */
const LOOK_MS = 20;

/** Waits for a condition of another process. It also works outside the test runner. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + patience(30_000);
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited too long for ${what}.`);
    await delay(LOOK_MS);
  }
}

/** Resolves after some ms. Only a fault needs that, such as a pause beyond a lease. */
export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
