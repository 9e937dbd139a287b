import type { Locator, Page } from 'playwright-core';

const MOST_PRESSES = 40;

/** Presses Tab until an element has the focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < MOST_PRESSES; presses += 1) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === (element.getRootNode() as Document | ShadowRoot).activeElement)) return;
  }
  throw new Error(`${MOST_PRESSES} presses of Tab never reached ${String(target)}.`);
}
