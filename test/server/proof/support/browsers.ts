import { createHash } from 'node:crypto';
import { Agent, request as send } from 'node:http';
import { delay, until } from '../../support/until.ts';
import type { Instance } from './fleet.ts';
import type { BrowserSession, Exchange } from './types.ts';

/** A browser gives up after this time, ms. It is longer than a pause of an instance. */
const TIMEOUT_MS = 40_000;

/** The browsers of all users, and the history of their requests. */
export interface Browsers {
  readonly history: readonly Exchange[];
  /** @throws if the sign-in fails */
  readonly signIn: (user: string, instance: Instance) => Promise<BrowserSession>;
  /** Asks for the user's name. */
  readonly call: (session: BrowserSession, instance: Instance) => Promise<Exchange>;
  readonly signOut: (session: BrowserSession, instance: Instance) => Promise<Exchange>;
  /** Calls until the answer is 200 or 401. A browser that gets 503 waits for a moment. */
  readonly callPatiently: (session: BrowserSession, draw: () => Instance) => Promise<Exchange>;
}

interface Reply {
  readonly status: number;
  readonly setCookie: string | null;
  readonly body: { readonly user?: string; readonly error?: string; readonly endReason?: string };
}

/** Creates the browsers. */
export function createBrowsers(): Browsers {
  const history: Exchange[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });

  async function exchange(kind: Exchange['kind'], { user, cookie }: BrowserSession, instance: Instance): Promise<Exchange> {
    const from = Date.now();
    const reply = await ask(agent, kind === 'call' ? 'GET' : 'POST', `${instance.url}${kind === 'call' ? '/me' : '/auth/sign-out'}`, cookie, '').catch(() => null);
    const { status = 0, setCookie = null, body = {} } = reply ?? {};
    const entry = { kind, user, instance: instance.name, from, to: Date.now(), status, answeredUser: body.user ?? null, error: body.error ?? null, endReason: body.endReason ?? null, setCookie };
    history.push(entry);
    return entry;
  }

  const browsers: Browsers = {
    history,
    async signIn(user, instance) {
      const { status, setCookie } = await ask(agent, 'POST', `${instance.url}/auth/sign-in`, '', JSON.stringify({ user }));
      if (status !== 200 || setCookie === null) throw new Error(`The sign-in of ${user} was answered ${status}.`);
      const cookie = setCookie.split(';')[0] ?? '';
      return { user, cookie, key: createHash('sha256').update(cookie.split('=')[1] ?? '').digest('base64url') };
    },
    call: (session, instance) => exchange('call', session, instance),
    signOut: (session, instance) => exchange('sign-out', session, instance),
    async callPatiently(session, draw) {
      let last = await browsers.call(session, draw());
      await until(`an answer for ${session.user}`, async () => {
        if (last.status === 200 || last.status === 401) return true;
        await delay(200);
        last = await browsers.call(session, draw());
        return false;
      });
      return last;
    },
  };
  return browsers;
}

function ask(agent: Agent, method: string, url: string, cookie: string, body: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = send(url, { agent, method, headers: { cookie, 'x-csrf': '1', 'content-length': Buffer.byteLength(body) }, timeout: TIMEOUT_MS }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, setCookie: response.headers['set-cookie']?.[0] ?? null, body: jsonOf(Buffer.concat(parts).toString()) }));
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.end(body);
  });
}

function jsonOf(text: string): Reply['body'] {
  try {
    return JSON.parse(text) as Reply['body'];
  } catch {
    return {};
  }
}
