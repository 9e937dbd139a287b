import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProxyRoute } from '../../src/server/proxy-config.ts';
import { isSafePath, locationOf, routeOf, targetOf } from '../../src/server/proxy-target.ts';

const APP = 'https://app.example.com';
const ROUTE: ProxyRoute = { path: '/api', base: 'https://api.example.com/v1', methods: ['GET'], maxBodyBytes: 0, timeoutMs: 1, maxConcurrent: 1 };

/** Texts of pieces that servers read in different ways. */
const piece = fc.constantFrom('/', '//', '\\', '.', '..', '%2e', '%2E%2e', '%2f', '%5c', '%252f', '%25', '%', '%00', '%c0%ae', ';', '%3b', '@', ':', '?', '#', 'a', 'v1', 'api', 'evil.example', 'https:', '\t', '\n', ' ', '\0', 'é', '／', '%ef%bc%8f');
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

/** How a careless server reads a path: it decodes until nothing changes, takes a backslash for a slash, and resolves dots. */
function read(path: string): string {
  const decoded = path.replace(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  if (decoded !== path) return read(decoded);
  const kept: string[] = [];
  for (const segment of path.replaceAll('\\', '/').split('/').map((each) => each.split(';')[0])) {
    if (segment === '..') kept.pop();
    else if (segment !== '.' && segment !== undefined && segment !== '') kept.push(segment);
  }
  return `/${kept.join('/')}`;
}

describe('the address that the proxy asks for', () => {
  it('is below the address of the API, also for a server that decodes it twice', () => {
    fc.assert(fc.property(text, (rest) => {
      const url = new URL(`${APP}/api/${rest}`);
      if (!routeOf([ROUTE], url.pathname)) return;
      const target = targetOf(ROUTE, url);
      if (target === null) return;
      const { origin, pathname, search } = new URL(target);
      expect([origin, search]).toEqual(['https://api.example.com', url.search]);
      expect(`${read(pathname)}/`).toMatch(/^\/v1\//);
    }), { numRuns: 5000 });
  });

  it('is the path of the request, if that is made of encoded words', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).map(encodeURIComponent).filter((each) => isSafePath(`/${each}`));
    fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      expect(targetOf(ROUTE, new URL(`${APP}/api/${words.join('/')}`))).toBe(`https://api.example.com/v1/${words.join('/')}`);
    }));
  });
});

describe('the address of a redirect', () => {
  it('stays on this server only below the path of the route', () => {
    fc.assert(fc.property(text, (location) => {
      const own = locationOf(ROUTE, 'https://api.example.com/v1/posts', location);
      if (own === null) return;
      const { origin, pathname } = new URL(own, APP);
      if (origin === APP) expect(`${pathname}/`).toMatch(/^\/api\//);
    }), { numRuns: 5000 });
  });
});
