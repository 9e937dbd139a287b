import type { Page } from 'playwright-core';

/** Returns a problem if the DOM of a page contains a token, shadow roots included. */
export async function tokensShown(page: Page): Promise<string[]> {
  return /eyJ[\w-]+\.eyJ[\w-]+/.test(await markupIn(page)) ? ['a token is in the DOM'] : [];
}

/** Reads the DOM of a page. Storybook may load a page again, which is no problem. */
async function markupIn(page: Page): Promise<string> {
  for (;;) {
    const markup = await page.evaluate(markupOf).catch((error: Error) => {
      if (!error.message.includes('because of a navigation')) throw error;
      return null;
    });
    if (markup !== null) return markup;
    await page.waitForLoadState();
  }
}

/** Runs in the page. */
function markupOf(): string {
  const shadows = [...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? [shadowRoot.innerHTML] : []));
  return [document.documentElement.outerHTML, ...shadows].join('\n');
}
