import { afterAll, describe, expect, inject, it } from 'vitest';
import { COOKIE_TABLE } from '../../storybook/docs/cookie-table.ts';
import { BROWSER_KINDS, type BrowserKind } from './cookies/browser-kinds.ts';
import { measureClosing } from './cookies/closing.ts';
import { startCookieServers } from './cookies/cookie-servers.ts';
import { measureCors } from './cookies/cors.ts';
import { recordTable, type MeasuredBrowser } from './cookies/record-table.ts';
import { measureRules } from './cookies/rules.ts';
import { launch } from './engines/launch.ts';

/** Whether the table is written anew. Otherwise the tests compare it with the browsers. */
const RECORDS = process.env['UPDATE_COOKIE_TABLE'] === '1';

describe('the table of what browsers do with a cookie', () => {
  const measured = new Map<string, MeasuredBrowser>();
  afterAll(async () => {
    if (RECORDS) await recordTable(BROWSER_KINDS.map(({ title }) => [title, measured.get(title) ?? COOKIE_TABLE[title]]));
  });

  for (const kind of BROWSER_KINDS) {
    it.skipIf(inject('engines')[kind.engine] === undefined)(`agrees in every cell with ${kind.title}`, async () => {
      const browser = await measure(kind);
      measured.set(kind.title, browser);
      if (!RECORDS) expect({ ...browser, version: '' }).toEqual({ ...COOKIE_TABLE[kind.title], version: '' });
    });
  }
});

async function measure({ engine: name, title, thirdParty }: BrowserKind): Promise<MeasuredBrowser> {
  const servers = await startCookieServers();
  const engine = await launch(name, { path: inject('engines')[name] ?? '', proxyPort: servers.proxyPort, thirdPartyCookies: thirdParty });
  try {
    const profile = await engine.openProfile();
    const rules = await measureRules(profile, servers);
    // A policy for other sites changes only the rules.
    const isFirst = BROWSER_KINDS.find((kind) => kind.engine === name)?.title === title;
    const others = isFirst ? { cors: await measureCors(profile, servers), closing: await measureClosing(profile, servers) } : {};
    await profile.close();
    return { version: engine.version, rules, ...others };
  } finally {
    await engine.close();
    await servers.close();
  }
}
