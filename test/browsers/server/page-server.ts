import { createServer } from 'node:http';
import { listen, type Listening } from './listening.ts';

/** The scripts of the harness pages by name, built once per run. */
export type HarnessScripts = Readonly<Record<'page' | 'memory' | 'react', string>>;

/** The pages' own server. */
export interface PageServer extends Listening {
  /** The addresses of all requests. */
  readonly addresses: readonly string[];
}

/**
 * Serves the harness pages, a page to navigate away to, and the tests' time.
 *
 * @param aheadMs how far the tests' clock is ahead of the device's, ms
 */
export async function startPageServer(scripts: HarnessScripts, aheadMs: () => number): Promise<PageServer> {
  const addresses: string[] = [];
  const server = createServer((request, response) => {
    addresses.push(request.url ?? '');
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const { type, body } = answerTo(pathname, scripts, aheadMs);
    response.writeHead(body === null ? 404 : 200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' });
    response.end(body);
  });
  return { ...(await listen(server)), addresses };
}

function answerTo(pathname: string, scripts: HarnessScripts, aheadMs: () => number): { type: string; body: string | null } {
  if (pathname === '/clock') return { type: 'text/plain', body: String(aheadMs()) };
  if (pathname === '/away') return { type: 'text/html', body: '<!doctype html><title>Away</title>Somewhere else' };
  const name = /^\/(page|memory|react)(\.js)?$/.exec(pathname);
  if (!name) return { type: 'text/plain', body: null };
  const script = name[1] as keyof HarnessScripts;
  if (name[2]) return { type: 'text/javascript', body: scripts[script] };
  return { type: 'text/html', body: `<!doctype html><title>Harness</title><div id="root"></div><script type="module" src="/${script}.js"></script>` };
}
