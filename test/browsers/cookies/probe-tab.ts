import { setTimeout as pause } from 'node:timers/promises';
import { patience } from '../../support/pace.ts';
import type { EngineTab, Profile } from '../engines/engine.ts';
import type { Instructions } from './cookie-servers.ts';

const POLL_MS = 20;
const PATIENCE_MS = patience(20_000);

/** How a page got on with a request: the status and the cookies that arrived, or the text of its error. */
export type Seen = { readonly status: number; readonly cookies: readonly string[] } | { readonly error: string };

/** A request of a page. */
export interface ProbeRequest {
  readonly instructions?: Instructions;
  readonly path?: string;
  readonly keepalive?: boolean;
  /** Without the anti-CSRF header it needs no preflight. */
  readonly isSimple?: boolean;
}

/** A tab from which the tests send requests. */
export interface ProbeTab {
  /** Sends a request with credentials, and waits for its answer. */
  readonly send: (origin: string, request?: ProbeRequest) => Promise<Seen>;
  /** Sends a request, and does not wait. */
  readonly start: (origin: string, request: ProbeRequest) => Promise<void>;
  /** Aborts the requests that `start` has sent. */
  readonly abort: () => Promise<void>;
  /** Leaves the page for another one of the same origin. */
  readonly leave: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens a page. */
export async function openProbe(profile: Profile, url: string): Promise<ProbeTab> {
  const tab = await profile.openTab(url);
  const until = (expression: string) => untilTrue(tab, expression);
  await until(`location.href === ${JSON.stringify(url)} && document.readyState === 'complete'`);
  return {
    send: async (origin, request = {}) => (await tab.evaluate(`(${fetchCode(origin, request)}).then(${READ}, ${FAIL})`)) as Seen,
    start: async (origin, request) => {
      await tab.evaluate(`void (window.controller ??= new AbortController(), (${fetchCode(origin, request, 'window.controller.signal')}).catch(() => undefined))`);
    },
    abort: async () => void (await tab.evaluate('void window.controller.abort()')),
    leave: async () => {
      await tab.evaluate(`void (location.href = '/away')`).catch(() => undefined); // The page may be gone before it answers.
      await until(`location.pathname === '/away'`);
    },
    close: tab.close,
  };
}

/** Reads which cookies a host gets when the user opens one of its pages. */
export async function cookiesAt(profile: Profile, origin: string): Promise<readonly string[]> {
  const tab = await profile.openTab(`${origin}/api/seen`);
  await untilTrue(tab, `location.pathname === '/api/seen' && document.readyState === 'complete' && document.documentElement.textContent.includes('"cookie"')`);
  const text = String(await tab.evaluate('document.documentElement.textContent'));
  await tab.close();
  return namesIn(/"cookie":"([^"]*)"/.exec(text)?.[1] ?? '');
}

const READ = `async (response) => ({ status: response.status, cookies: ((await response.json()).cookie || '').split('; ').map((pair) => pair.split('=')[0]) })`;
const FAIL = `(error) => ({ error: error.name + ': ' + error.message })`;

function fetchCode(origin: string, { instructions = {}, path = '/api', keepalive = false, isSimple = false }: ProbeRequest, signal = 'undefined'): string {
  const url = `${origin}${path}?how=${encodeURIComponent(JSON.stringify(instructions))}`;
  const init = JSON.stringify({ method: 'POST', credentials: 'include', keepalive, headers: isSimple ? {} : { 'x-csrf': '1' } });
  return `fetch(${JSON.stringify(url)}, { ...${init}, signal: ${signal} })`;
}

function namesIn(header: string): string[] {
  return header.split('; ').map((pair) => pair.split('=')[0] ?? '');
}

/** Waits until an expression is true. A page that is being loaded cannot be evaluated. */
async function untilTrue(tab: EngineTab, expression: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await tab.evaluate(`Boolean(${expression})`).catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`${expression} was not true within ${PATIENCE_MS} ms.`);
    await pause(POLL_MS);
  }
}
