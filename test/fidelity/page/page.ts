import { browserPlatform, createAuthClient, memory, type AuthClient } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { CASES } from '../cases.ts';
import { DIFFERENCES } from '../differences.ts';
import type { RunCase, Way } from '../ways.ts';
import { seenError } from './case.ts';

declare global {
  interface Window {
    runCase: RunCase;
    /** Sends a keepalive call when the page is left. */
    sendAtTheEnd: (way: Way, id: string) => Promise<void>;
  }
}

const HOUR_MS = 3_600_000;
const home = location.origin;
const other = new URLSearchParams(location.search).get('other') ?? '';
const unhandled: unknown[] = [];
let runs = 0;

window.addEventListener('unhandledrejection', (event) => unhandled.push(seenError(event.reason)));

/** Opens a client of the page's API, and returns its `fetch` for one way of calling. */
async function open(way: Way): Promise<{ fetch: typeof fetch; auth: AuthClient | null; refreshes: () => number }> {
  if (way === 'natively') return { fetch: window.fetch.bind(window), auth: null, refreshes: () => 0 };
  let call = () => {};
  const called = new Promise<void>((resolve) => (call = resolve));
  let refreshes = 0;
  const platform = {
    ...browserPlatform(),
    fetch: async (...args: Parameters<typeof fetch>) => {
      if (args[0] !== `${home}/token`) return fetch(...args);
      refreshes += 1;
      await called; // The call that waits for the refresh must start before the refresh ends.
      return fetch(...args);
    },
  };
  const protocol = oauth2({ tokenEndpoint: `${home}/token`, clientId: 'page', resourceOrigins: [home, other], baseUrl: `${home}/v1` });
  const auth = createAuthClient({ protocol, platform, storage: memory(), storageKey: `${way}:${runs}` });
  if (way === 'through interceptors') {
    auth.intercept((request, next) => next(request));
    auth.intercept({ interceptor: (request, next) => next(request), scope: 'send' });
  }
  if (way !== 'signed out') {
    const accessToken = way === 'after a wait' || way === 'with a replay' ? 'stale' : 'good';
    const lifetimeMs = way === 'after a wait' ? -HOUR_MS : HOUR_MS;
    await auth.signIn({ accessToken, refreshToken: 'first', expiresAt: Date.now() + lifetimeMs, scopes: [] });
  }
  const ours: typeof fetch = (...args) => {
    const answer = auth.fetch(...args);
    call();
    return answer;
  };
  return { fetch: ours, auth, refreshes: () => refreshes };
}

window.runCase = async (name, way) => {
  const found = [...CASES, ...DIFFERENCES].find((one) => one.name === name);
  if (!found) throw new Error(`There is no case "${name}".`);
  runs += 1;
  const id = `${runs}.${Math.random()}`;
  const { fetch: fetchOfWay, auth, refreshes } = await open(way);
  const context = {
    fetch: fetchOfWay,
    home: `${home}/v1`,
    other: `${other}/v1`,
    stranger: `${home.replace('127.0.0.1', 'localhost')}/v1`,
    id,
    emit: async (event: string) => void (await fetch(`${home}/emit?${event}`)),
    until: async (event: string) => void (await fetch(`${home}/until?${event}`)),
  };
  const outcome = await found.run(context).catch(seenError);
  await fetch(`${home}/emit?end`); // Unhandled rejections are reported in a later task.
  auth?.dispose();
  const result = JSON.stringify({ outcome, unhandled: unhandled.splice(0) }).replaceAll(id, 'ID');
  return { ...(JSON.parse(result) as { outcome: unknown; unhandled: unknown[] }), refreshes: refreshes() };
};

window.sendAtTheEnd = async (way, id) => {
  const { fetch: fetchOfWay } = await open(way);
  window.addEventListener('pagehide', () => void fetchOfWay(`kept?id=${id}`, { method: 'POST', body: 'last words', keepalive: true }));
};
