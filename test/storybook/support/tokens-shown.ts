import type { Page } from 'playwright-core';

/** Returns a problem if the DOM of a page contains a token, shadow roots included. */
export async function tokensShown(page: Page): Promise<string[]> {
  return /eyJ[\w-]+\.eyJ[\w-]+/.test(await page.evaluate(markupOf)) ? ['a token is in the DOM'] : [];
}

/** Runs in the page. */
function markupOf(): string {
  const shadows = [...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? [shadowRoot.innerHTML] : []));
  return [document.documentElement.outerHTML, ...shadows].join('\n');
}
