import type { Profile } from '../engines/engine.ts';
import { HOSTS, type CookieServers } from './cookie-servers.ts';
import { cookiesAt, openProbe, type ProbeTab } from './probe-tab.ts';

/** What becomes of a cookie that the answer to a request of the page sets. */
export type Fate =
  /** The next request has it, and so has the API's own page. */
  | 'sent'
  /** The next request has it, and the API's own page does not: the app's site has a jar of its own for the API. */
  | 'sent, in a jar of the app’s site'
  /** Only the API's own page has it. */
  | 'stored, not sent'
  | 'not stored';

/** One row of the table of rules. */
export interface RuleRow {
  readonly place: string;
  readonly attributes: string;
  /** If a request of the app's page sets it. */
  readonly setByCall: Fate;
  /** Whether a request of the app's page has it, if the API's own page has set it before, as in a sign-in by redirect. */
  readonly setOnOwnPage: 'sent' | 'not sent';
}

const SECURE_ATTRIBUTES = ['SameSite=Strict; Secure', 'SameSite=Lax; Secure', 'Secure', 'SameSite=None; Secure', 'SameSite=None; Secure; Partitioned'];
const PLAIN_ATTRIBUTES = ['SameSite=Strict', 'SameSite=Strict; Secure', 'SameSite=None', 'SameSite=None; Secure'];

interface Place {
  readonly title: string;
  readonly page: string;
  readonly api: string;
  readonly attributes: readonly string[];
}

/** Measures what one browser does with each cookie in each place. */
export async function measureRules(profile: Profile, servers: CookieServers): Promise<RuleRow[]> {
  const rows: RuleRow[] = [];
  for (const [index, place] of placesOf(servers).entries()) rows.push(...(await measurePlace(profile, place, `p${index}`)));
  return rows;
}

function placesOf({ plainPorts: [one, other] }: CookieServers): Place[] {
  const page = `https://${HOSTS.app}`;
  return [
    { title: 'same origin', page, api: page, attributes: SECURE_ATTRIBUTES },
    { title: 'other origin, same site', page, api: `https://${HOSTS.sameSite}`, attributes: SECURE_ATTRIBUTES },
    { title: 'other site', page, api: `https://${HOSTS.otherSite}`, attributes: SECURE_ATTRIBUTES },
    { title: 'http://localhost, other port', page: `http://localhost:${one}`, api: `http://localhost:${other}`, attributes: PLAIN_ATTRIBUTES },
    { title: 'http://localhost to http://127.0.0.1', page: `http://localhost:${one}`, api: `http://127.0.0.1:${other}`, attributes: PLAIN_ATTRIBUTES },
  ];
}

async function measurePlace(profile: Profile, { title, page, api, attributes }: Place, prefix: string): Promise<RuleRow[]> {
  const names = attributes.map((_, index) => [`${prefix}call${index}`, `${prefix}own${index}`] as const);
  const own = await openProbe(profile, `${api}/`);
  for (const [index, [, name]] of names.entries()) await set(own, api, name, attributes[index] ?? '');
  await own.close();
  const app = await openProbe(profile, `${page}/`);
  for (const [index, [name]] of names.entries()) await set(app, api, name, attributes[index] ?? '');
  const seen = await app.send(api);
  await app.close();
  const sent = 'cookies' in seen ? seen.cookies : [];
  const stored = await cookiesAt(profile, api);
  return attributes.map((each, index) => {
    const [call = '', ownPage = ''] = names[index] ?? [];
    return { place: title, attributes: each, setByCall: fateOf(sent.includes(call), stored.includes(call)), setOnOwnPage: sent.includes(ownPage) ? 'sent' : 'not sent' };
  });
}

async function set(tab: ProbeTab, api: string, name: string, attributes: string): Promise<void> {
  await tab.send(api, { instructions: { set: `${name}=1; Path=/; HttpOnly; ${attributes}` } });
}

function fateOf(isSent: boolean, isStored: boolean): Fate {
  if (isSent) return isStored ? 'sent' : 'sent, in a jar of the app’s site';
  return isStored ? 'stored, not sent' : 'not stored';
}
