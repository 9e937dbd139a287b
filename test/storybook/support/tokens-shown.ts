import type { Frame, Page } from 'playwright-core';

/** Returns a problem for each frame of a page whose DOM contains a token, shadow roots included. */
export async function tokensShown(page: Page): Promise<string[]> {
  const markups = await Promise.all(page.frames().map(markupIn));
  return markups.filter((markup) => /eyJ[\w-]+\.eyJ[\w-]+/.test(markup)).map(() => 'a token is in the DOM');
}

/** Reads the DOM of a frame when it has loaded. The frame of a story is an empty page first, which the story's page then replaces. */
async function markupIn(frame: Frame): Promise<string> {
  for (;;) {
    await frame.waitForLoadState('networkidle');
    const markup = await frame.evaluate(markupOf).catch((error: Error) => {
      if (!error.message.includes('because of a navigation')) throw error;
      return null;
    });
    if (markup !== null) return markup;
  }
}

/** Runs in the page. */
function markupOf(): string {
  const shadows = [...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? [shadowRoot.innerHTML] : []));
  return [document.documentElement.outerHTML, ...shadows].join('\n');
}
