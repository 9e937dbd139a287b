import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { STRETCH } from '../../support/pace.ts';
import { stretchDeadlines } from '../../support/stretch-deadlines.ts';
import { openContext } from './browser.ts';

/** A browser profile with any number of tabs. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly openTab: () => Promise<Page>;
  /** The console's warnings and errors, and uncaught errors, of all tabs. */
  readonly warnings: string[];
  /** The hosts that requests went to. */
  readonly hosts: Set<string>;
  /** All lines of the console. */
  readonly consoleLines: string[];
}

/** Opens a profile. */
export async function createVisitor(browser: Browser, pageUrl: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await openContext(browser, options);
  await context.addInitScript(stretchDeadlines, STRETCH);
  const warnings: string[] = [];
  const consoleLines: string[] = [];
  const hosts = new Set<string>();
  context.on('request', (request) => hosts.add(new URL(request.url()).hostname));
  context.on('console', (message) => {
    consoleLines.push(message.text());
    if (message.type() === 'error' || message.type() === 'warning') warnings.push(message.text());
  });
  context.on('weberror', (error) => warnings.push(String(error.error())));
  const openTab = async () => {
    const page = await context.newPage();
    await page.goto(`${pageUrl}/`);
    return page;
  };
  return { context, openTab, warnings, hosts, consoleLines };
}

/** Signs in as a bot and waits for the feed. */
export async function signIn(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Sign in as ${name}` }).click();
  await feedOf(page).first().waitFor();
}

/** Returns the posts in the feed. */
export function feedOf(page: Page) {
  return page.getByRole('region', { name: 'Feed' }).getByRole('listitem');
}

/** Returns the content of the tab's database as text. */
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

/** Returns the raw tokens in a stored text: every JWT in it. */
export function tokensIn(text: string): string[] {
  return text.match(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g) ?? [];
}

/** Returns the first piece of a token, 16 characters long, that a text contains; `null` if there is none. */
export function leakedPiece(token: string, text: string): string | null {
  const length = 16;
  for (let start = 0; start + length <= token.length; start += 1) {
    const piece = token.slice(start, start + length);
    if (text.includes(piece)) return piece;
  }
  return null;
}

/** Opens a second tab, signs out in the first one, and waits until both show that. */
export async function signOutInTwoTabs({ context }: Pick<Visitor, 'context'>, first: Page, user: string): Promise<void> {
  const [second] = await Promise.all([context.waitForEvent('page'), first.getByRole('link', { name: 'Open a second tab' }).click()]);
  await second.getByText(`Signed in as ${user}`).waitFor();
  await first.getByRole('button', { name: 'Sign out' }).click();
  for (const page of [first, second]) await page.getByText('You signed out.').waitFor();
}
