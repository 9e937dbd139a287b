import type { Profile } from '../engines/engine.ts';
import { HOSTS, OPEN, type CookieServers, type CorsAnswer } from './cookie-servers.ts';
import { cookiesAt, openProbe } from './probe-tab.ts';

/** One row of the table of CORS mistakes. */
export interface CorsRow {
  /** The mistake in the API's answers to a page of another origin. */
  readonly mistake: string;
  /** What the page gets: a status, or the text of the error. */
  readonly page: string;
  /** Whether the API got the request itself, so that it has rotated the refresh token. */
  readonly arrived: boolean;
  /** Whether the browser stored the cookie of the answer. */
  readonly stored: boolean;
}

interface Mistake {
  readonly title: string;
  readonly preflight?: Partial<CorsAnswer>;
  readonly answer?: Partial<CorsAnswer>;
  /** The request has no header that needs a preflight. */
  readonly isSimple?: boolean;
}

const everywhere = (title: string, cors: Partial<CorsAnswer>): Mistake => ({ title, preflight: cors, answer: cors });

const MISTAKES: readonly Mistake[] = [
  { title: 'none' },
  everywhere('no `Access-Control-Allow-Credentials`', { allowCredentials: null }),
  everywhere('`Access-Control-Allow-Origin: *`', { allowOrigin: '*' }),
  everywhere('no `Access-Control-Allow-Origin`', { allowOrigin: null }),
  { title: '`Access-Control-Allow-Headers` without the anti-CSRF header', preflight: { allowHeaders: 'authorization' } },
  { title: '`Access-Control-Allow-Headers: *`', preflight: { allowHeaders: '*' } },
  { title: 'no `Access-Control-Allow-Credentials` after a correct preflight', answer: { allowCredentials: null } },
  { title: 'no `Access-Control-Allow-Origin` after a correct preflight', answer: { allowOrigin: null } },
  { title: 'no `Access-Control-Allow-Credentials`, and a request without anti-CSRF header', answer: { allowCredentials: null }, isSimple: true },
];

/** Measures what a page of another origin of the same site gets for each mistake. */
export async function measureCors(profile: Profile, servers: CookieServers): Promise<CorsRow[]> {
  const api = `https://${HOSTS.sameSite}`;
  const tab = await openProbe(profile, `https://${HOSTS.app}/`);
  const pages: string[] = [];
  for (const [index, { preflight, answer, isSimple = false }] of MISTAKES.entries()) {
    const instructions = { set: `cors${index}=1; Path=/; HttpOnly; SameSite=Strict; Secure`, preflight: { ...OPEN, ...preflight }, answer: { ...OPEN, ...answer } };
    const seen = await tab.send(api, { path: `/api/cors${index}`, instructions, isSimple });
    pages.push('error' in seen ? withoutAddresses(seen.error) : String(seen.status));
  }
  await tab.close();
  const stored = await cookiesAt(profile, api);
  return MISTAKES.map(({ title }, index) => ({
    mistake: title,
    page: pages[index] ?? '',
    arrived: servers.arrived(`/api/cors${index}`).includes(`POST /api/cors${index}`),
    stored: stored.includes(`cors${index}`),
  }));
}

function withoutAddresses(text: string): string {
  return text.replace(/https?:\/\/\S+/g, '…');
}
