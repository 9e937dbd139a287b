import { setTimeout as pause } from 'node:timers/promises';
import { patience } from '../../support/pace.ts';
import type { Profile } from '../engines/engine.ts';
import { HOSTS, type CookieServers } from './cookie-servers.ts';
import { openProbe, type ProbeTab } from './probe-tab.ts';

/** How long an engine may take to close a connection or to store a cookie, ms. */
const SETTLE_MS = patience(2_000);
const POLL_MS = 20;

/** How a page gives a request up. */
const ENDS = { 'the tab is closed': 'close', 'the page is left': 'leave', 'the request is aborted': 'abort' } as const;

/** One row of the table of given-up requests. */
export interface ClosingRow {
  readonly end: keyof typeof ENDS;
  /** What was under way: the preflight or the request. */
  readonly phase: 'preflight' | 'request';
  readonly keepalive: boolean;
  /** Whether the API gets the request. */
  readonly arrived: boolean;
  /** Whether the browser stores the cookie of its answer. */
  readonly stored: boolean;
}

/** Measures what becomes of a request of a page that is gone before the answer, and of the cookie of that answer. */
export async function measureClosing(profile: Profile, servers: CookieServers): Promise<ClosingRow[]> {
  const rows: ClosingRow[] = [];
  const observer = await openProbe(profile, `https://${HOSTS.app}/`);
  for (const end of Object.keys(ENDS) as (keyof typeof ENDS)[]) {
    for (const phase of ['preflight', 'request'] as const) {
      for (const keepalive of [true, false]) {
        if (end === 'the tab is closed' && phase === 'preflight' && keepalive) continue; // Chromium sends this request or not, by chance.
        rows.push(await measureOne({ profile, servers, observer, end, phase, keepalive, name: `closing${rows.length}` }));
      }
    }
  }
  await observer.close();
  return rows;
}

interface Case extends Omit<ClosingRow, 'arrived' | 'stored'> {
  readonly profile: Profile;
  readonly servers: CookieServers;
  readonly observer: ProbeTab;
  readonly name: string;
}

async function measureOne({ profile, servers, observer, end, phase, keepalive, name }: Case): Promise<ClosingRow> {
  const api = `https://${HOSTS.sameSite}`;
  const path = `/api/${name}`;
  const tab = await openProbe(profile, `https://${HOSTS.app}/`);
  const instructions = { set: `${name}=1; Path=/; HttpOnly; SameSite=Strict; Secure`, gate: name, hold: phase };
  await tab.start(api, { path, keepalive, instructions });
  const held = await servers.untilHeld(name);
  await tab[ENDS[end]]();
  const isLeft = await Promise.race([held.left.then(() => true), pause(SETTLE_MS).then(() => false)]);
  held.open();
  const hasCookie = async () => {
    const seen = await observer.send(api);
    return 'cookies' in seen && seen.cookies.includes(name);
  };
  const stored = isLeft ? await hasCookie() : await becomesTrue(hasCookie);
  if (end !== 'the tab is closed') await tab.close();
  return { end, phase, keepalive, arrived: servers.arrived(path).includes(`POST ${path}`), stored };
}

async function becomesTrue(condition: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + SETTLE_MS;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() > deadline) return false;
    await pause(POLL_MS);
  }
}
