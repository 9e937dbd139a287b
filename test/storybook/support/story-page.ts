import type { BrowserContext, Page } from 'playwright-core';
import { patience } from '../../support/pace.ts';
import type { Site, SiteEntry } from './site.ts';

const PATIENCE_MS = patience(30_000);

/** What one page of the site had to complain about; empty when all is well. */
export interface Visit {
  readonly page: Page;
  readonly complaints: string[];
}

/** Opens a page of the site in a tab of its own and waits until it is rendered and its play function is through. */
export async function openEntry(context: BrowserContext, site: Site, entry: SiteEntry): Promise<Visit> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // The browser's own lines about answers that a story wants to fail.
    if (message.text().startsWith('Failed to load resource') && message.location().url.includes('/v1/')) return;
    complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== site.origin) complaints.push(`asked ${origin}`);
  });
  await page.goto(site.addressOf(entry));
  const phase = await page.waitForFunction(phaseOf, entry.type, { timeout: PATIENCE_MS }).then((handle) => handle.jsonValue(), (error: unknown) => String(error));
  if (phase !== 'finished') complaints.push(`ended ${phase}: ${await page.locator('#error-message').textContent({ timeout: patience(1000) }).catch(() => '')}`);
  return { page, complaints };
}

interface PreviewWindow extends Window {
  readonly __STORYBOOK_PREVIEW__?: { readonly currentRender?: { readonly phase?: string } };
}

/** Runs in the page: how the story ended, once it did. */
function phaseOf(type: SiteEntry['type']): string | null {
  const phase = (window as unknown as PreviewWindow).__STORYBOOK_PREVIEW__?.currentRender?.phase;
  if (document.body.classList.contains('sb-show-errordisplay') || phase === 'errored') return 'errored';
  if (type === 'docs') return document.querySelector('#storybook-docs h1') && !document.querySelector('.sb-loader:not([hidden])')?.checkVisibility() ? 'finished' : null;
  return phase === 'finished' ? phase : null;
}
