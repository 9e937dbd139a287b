import type { Page } from 'playwright-core';

/** Returns a problem for each frame of a page whose DOM contains a token, shadow roots included. */
export async function tokensShown(page: Page): Promise<string[]> {
  const markups = await Promise.all(page.frames().map((frame) => frame.waitForLoadState('networkidle').then(() => frame.evaluate(markupOf))));
  return markups.filter((markup) => /eyJ[\w-]+\.eyJ[\w-]+/.test(markup)).map(() => 'a token is in the DOM');
}

/** Runs in the page. */
function markupOf(): string {
  const shadows = [...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? [shadowRoot.innerHTML] : []));
  return [document.documentElement.outerHTML, ...shadows].join('\n');
}
