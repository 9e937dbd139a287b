import type { Frame, Page } from 'playwright-core';
import { DEADLINE_MS, phaseOf } from './story-page.ts';

/** Returns a problem for each frame of a page whose DOM contains a token, shadow roots included. */
export async function tokensShown(page: Page): Promise<string[]> {
  await page.evaluate(loadFrames);
  const markups = await Promise.all(page.frames().map((frame) => markupIn(frame, frame === page.mainFrame())));
  return markups.filter((markup) => /eyJ[\w-]+\.eyJ[\w-]+/.test(markup)).map(() => 'a token is in the DOM');
}

/** Reads the DOM of a frame when its story has finished. Storybook may load the frame of a story again, which is no problem. */
async function markupIn(frame: Frame, isMain: boolean): Promise<string> {
  for (;;) {
    if (!isMain) await frame.waitForFunction(phaseOf, 'story' as const, { timeout: DEADLINE_MS });
    const markup = await frame.evaluate(markupOf).catch((error: Error) => {
      if (!error.message.includes('because of a navigation')) throw error;
      return null;
    });
    if (markup !== null) return markup;
  }
}

/** Runs in the page. A frame below the fold would load only when it is scrolled to. */
function loadFrames(): void {
  for (const frame of document.querySelectorAll('iframe')) frame.loading = 'eager';
}

/** Runs in the page. */
function markupOf(): string {
  const shadows = [...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? [shadowRoot.innerHTML] : []));
  return [document.documentElement.outerHTML, ...shadows].join('\n');
}
