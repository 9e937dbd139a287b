import type { BrowserContext, Page } from 'playwright-core';
import { patience } from '../../support/pace.ts';
import type { Site, SiteEntry } from './site.ts';

const DEADLINE_MS = patience(30_000);

/** An open page of the site and its problems. */
export interface Visit {
  readonly page: Page;
  readonly problems: string[];
}

/** Opens a page of the site in a new tab, and waits until it has rendered and its play function has finished. */
export async function openEntry(context: BrowserContext, site: Site, entry: SiteEntry): Promise<Visit> {
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // The browser logs failed requests, and some stories make requests that fail.
    if (message.text().startsWith('Failed to load resource') && message.location().url.includes('/v1/')) return;
    problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== site.origin) problems.push(`request to ${origin}`);
  });
  // Stories in frames of one page take the focus from each other while they play. Each has a page of its own, too.
  if (entry.type === 'docs') await page.route((url) => url.searchParams.get('viewMode') === 'story', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto(site.addressOf(entry));
  const phase = await page.waitForFunction(phaseOf, entry.type, { timeout: DEADLINE_MS }).then((handle) => handle.jsonValue(), (error: unknown) => String(error));
  if (phase !== 'finished') problems.push(`ended ${phase}: ${await page.locator('#error-message').textContent({ timeout: patience(1000) }).catch(() => '')}`);
  return { page, problems };
}

interface PreviewWindow extends Window {
  readonly __STORYBOOK_PREVIEW__?: { readonly currentRender?: { readonly phase?: string } };
}

/** Runs in the page. Returns how the story ended, or `null` while it runs. */
function phaseOf(type: SiteEntry['type']): string | null {
  const phase = (window as unknown as PreviewWindow).__STORYBOOK_PREVIEW__?.currentRender?.phase;
  if (document.body.classList.contains('sb-show-errordisplay') || phase === 'errored') return 'errored';
  if (type === 'docs') return document.querySelector('#storybook-docs h1') && !document.querySelector('.sb-loader:not([hidden])')?.checkVisibility() ? 'finished' : null;
  return phase === 'finished' ? phase : null;
}
