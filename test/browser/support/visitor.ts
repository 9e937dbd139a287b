import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { openContext } from './browser.ts';

/** Somebody at a browser profile of their own, with as many tabs as they like. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly openTab: () => Promise<Page>;
  /** What the console said as a warning or an error, and what was thrown, over all tabs. */
  readonly complaints: string[];
  /** The hosts that requests went to. */
  readonly hosts: Set<string>;
  /** Everything the console said. */
  readonly said: string[];
}

/** Opens a profile. */
export async function createVisitor(browser: Browser, pageUrl: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await openContext(browser, options);
  const complaints: string[] = [];
  const said: string[] = [];
  const hosts = new Set<string>();
  context.on('request', (request) => hosts.add(new URL(request.url()).hostname));
  context.on('console', (message) => {
    said.push(message.text());
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  const openTab = async () => {
    const page = await context.newPage();
    await page.goto(`${pageUrl}/`);
    return page;
  };
  return { context, openTab, complaints, hosts, said };
}

/** Signs in as a bot and waits for the feed. */
export async function signIn(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Sign in as ${name}` }).click();
  await feedOf(page).first().waitFor();
}

/** The posts in the feed. */
export function feedOf(page: Page) {
  return page.getByRole('region', { name: 'By the fire' }).getByRole('listitem');
}

/** The text of what this tab's database holds. */
export function storedText(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      new Promise<string>((resolve, reject) => {
        const opening = indexedDB.open('unexpired');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const reading = database.transaction('sessions').objectStore('sessions').getAll();
          reading.onerror = () => reject(reading.error);
          reading.onsuccess = () => {
            database.close();
            resolve(JSON.stringify(reading.result));
          };
        };
      }),
  );
}

/** The raw tokens in a stored text: every JWT in it. */
export function tokensIn(text: string): string[] {
  return text.match(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g) ?? [];
}

/** The first piece of a token, of a telling length, that shows up in a text; `null` when none does. */
export function leakedPiece(token: string, text: string): string | null {
  const length = 16;
  for (let start = 0; start + length <= token.length; start += 1) {
    const piece = token.slice(start, start + length);
    if (text.includes(piece)) return piece;
  }
  return null;
}
