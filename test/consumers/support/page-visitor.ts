import type { Browser, Page } from 'playwright-core';
import { createVisitor, type Visitor } from '../../browser/support/visitor.ts';

/** A browser profile that collects what its pages receive. */
export interface PageVisitor extends Omit<Visitor, 'openTab'> {
  readonly openTab: (path?: string) => Promise<Page>;
  /** Resolves to everything that script of the pages could read: answers, addresses, the DOM, cookies and what is stored. */
  readonly everything: () => Promise<string[]>;
}

/** Opens a profile for an app that keeps its tokens on a server. */
export async function createPageVisitor(browser: Browser, origin: string): Promise<PageVisitor> {
  const { openTab: _, ...visitor } = await createVisitor(browser, origin);
  const { context } = visitor;
  const answers: Promise<string>[] = [];
  context.on('response', (response) => {
    const { 'content-type': type = '', ...headers } = response.headers();
    const body = type.startsWith('text/event-stream') ? Promise.resolve('') : response.text().catch(() => ''); // A redirect has no body.
    answers.push(body.then((text) => [response.url(), type, JSON.stringify(headers), text].join('\n')));
  });
  return {
    ...visitor,
    async openTab(path = '/') {
      const page = await context.newPage();
      await page.goto(origin + path);
      return page;
    },
    async everything() {
      const pages = await Promise.all(context.pages().map((page) => page.content()));
      return [...(await Promise.all(answers)), ...pages, ...visitor.consoleLines, JSON.stringify(await context.storageState({ indexedDB: true }))];
    },
  };
}
