import { vi } from 'vitest';

const { fetch } = globalThis; // Taken before any test replaces it.

/** Routes requests to an origin of the documentation to a server of this machine, over HTTP, until `vi.unstubAllGlobals()`. */
export function routeFetch(from: string, to: string): void {
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    const { origin, pathname, search } = new URL(request.url);
    if (origin !== from) throw new TypeError(`${origin} is not ${from}`);
    const body = request.method === 'GET' || request.method === 'HEAD' ? null : await request.text();
    return fetch(`${to}${pathname}${search}`, { method: request.method, headers: request.headers, body, signal: request.signal });
  });
}
