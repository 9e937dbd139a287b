import { bonfire } from 'unexpired/bonfire';
import { browserPlatform, createAuthClient, memory, type AuthClient } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import type { Way } from '../ways.ts';
import type { Moment } from './case.ts';

const HOUR_MS = 3_600_000;
export const home = location.origin;
export const other = new URLSearchParams(location.search).get('other') ?? '';

/** One way of calling `fetch`. */
export interface Opened {
  /** The function with a wrapper that lets the refresh go on. */
  readonly fetch: typeof globalThis.fetch;
  /** The function itself. */
  readonly bare: typeof globalThis.fetch;
  readonly auth: AuthClient | null;
  readonly refreshes: () => number;
  /** Waits for a moment of the client; `null` for native `fetch`. */
  readonly reached: ((moment: Moment) => Promise<void>) | null;
}

/** Opens a client of the page's API, signed in with a token that fits the way, or native `fetch`. */
export async function open(way: Way, storageKey: string): Promise<Opened> {
  if (way === 'natively') return { fetch: window.fetch.bind(window), bare: window.fetch, auth: null, refreshes: () => 0, reached: null };
  let call = () => {};
  const called = new Promise<void>((resolve) => (call = resolve));
  const seen = new Set<Moment>();
  let notify = () => {};
  const pass = (moment: Moment) => {
    seen.add(moment);
    notify();
  };
  const reached = (moment: Moment) => new Promise<void>((resolve) => {
    notify = () => void (seen.has(moment) && resolve());
    notify();
  });
  let refreshes = 0;
  const platform = {
    ...browserPlatform(),
    warn: () => undefined,
    fetch: async (...args: Parameters<typeof fetch>) => {
      if (args[0] !== `${home}/token` && args[0] !== `${home}/v1/oauth`) {
        const response = await fetch(...args);
        if (response.status === 401) pass('rejection');
        return response;
      }
      refreshes += 1;
      pass('refresh');
      await called; // The call that waits for the refresh must start before the refresh ends.
      return fetch(...args);
    },
  };
  const auth = createAuthClient({ protocol: protocolOf(way), platform, storage: memory(), storageKey, allowedOrigins: [other] });
  if (way === 'through interceptors') {
    auth.intercept((request, next) => next(request));
    auth.intercept({ interceptor: (request, next) => next(request), scope: 'send' });
  }
  if (way !== 'signed out') {
    const accessToken = way === 'after a wait' || way.startsWith('with a replay') ? 'stale' : 'good';
    const lifetimeMs = way === 'after a wait' ? -HOUR_MS : HOUR_MS;
    await auth.signIn({ accessToken, refreshToken: 'first', expiresAt: Date.now() + lifetimeMs, scopes: [] });
  }
  const ours: typeof fetch = (...args) => {
    const answer = auth.fetch(...args);
    call();
    return answer;
  };
  return { fetch: ours, bare: auth.fetch, auth, refreshes: () => refreshes, reached };
}

function protocolOf(way: Way) {
  if (way === 'with a replay by bonfire') return bonfire({ baseUrl: `${home}/v1`, appKey: 'app-key' });
  return oauth2({ tokenEndpoint: `${home}/token`, clientId: 'page', resourceOrigins: [home, other], baseUrl: `${home}/v1` });
}
