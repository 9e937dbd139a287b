import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { COOKIE_TABLE } from '../../storybook/docs/cookie-table.ts';
import { BROWSER_KINDS } from './cookies/browser-kinds.ts';
import { measureClosing } from './cookies/closing.ts';
import { startCookieServers, type CookieServers } from './cookies/cookie-servers.ts';
import { measureCors } from './cookies/cors.ts';
import { recordTable, type MeasuredBrowser } from './cookies/record-table.ts';
import { measureRules } from './cookies/rules.ts';
import { launch } from './engines/launch.ts';

/** Whether the table is written anew. Otherwise the tests compare it with the browsers. */
const RECORDS = process.env['UPDATE_COOKIE_TABLE'] === '1';

describe('the table of what browsers do with a cookie', () => {
  let servers: CookieServers;
  const measured = new Map<string, MeasuredBrowser>();
  beforeAll(async () => {
    servers = await startCookieServers();
  });
  afterAll(async () => {
    await servers.close();
    if (RECORDS) await recordTable(BROWSER_KINDS.flatMap(({ title }) => [[title, measured.get(title) ?? COOKIE_TABLE[title]] as const]));
  });

  describe.each(BROWSER_KINDS)('in $title', ({ engine: name, title, thirdParty }) => {
    const path = inject('engines')[name];

    it.skipIf(path === undefined)('agrees with the browser in every cell', async () => {
      const engine = await launch(name, { path: path ?? '', proxyPort: servers.proxyPort, thirdPartyCookies: thirdParty });
      try {
        const profile = await engine.openProfile();
        const rules = await measureRules(profile, servers);
        // A policy for other sites changes only the rules.
        const isFirst = BROWSER_KINDS.find((kind) => kind.engine === name)?.title === title;
        const browser = { version: engine.version, rules, ...(isFirst && { cors: await measureCors(profile, servers), closing: await measureClosing(profile, servers) }) };
        measured.set(title, browser);
        await profile.close();
        if (!RECORDS) expect({ ...browser, version: '' }).toEqual({ ...COOKIE_TABLE[title], version: '' });
      } finally {
        await engine.close();
      }
    });
  });
});
