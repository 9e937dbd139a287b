import { echoed, failure, seen, type Case } from '../page/case.ts';
import { WITHOUT_REPLAY } from '../ways.ts';

const options = (name: string, init: RequestInit, shows: unknown): Case => ({ name, run: ({ fetch }) => echoed(fetch('echo', init)), shows });
const twice = (name: string, cache: RequestCache, shows: unknown): Case => ({
  name,
  run: async ({ fetch, id }) => {
    const first = await fetch(`cached?id=${id}`).then((response) => response.text());
    const second = await fetch(`cached?id=${id}`, { cache }).then((response) => response.text());
    return [first, second];
  },
  shows,
});

/** The members of init. */
export const OPTIONS: readonly Case[] = [
  options('when the method is in lower case', { method: 'post' }, { method: 'POST' }),
  options('when the headers are an object', { headers: { 'X-Own': 'a' } }, { headers: { 'x-own': 'a' } }),
  options('when the headers are pairs with one name twice', { headers: [['x-own', 'a'], ['x-own', 'b']] }, { headers: { 'x-own': 'a, b' } }),
  options('when the headers are a Headers object', { headers: new Headers({ 'x-own': 'a' }) }, { headers: { 'x-own': 'a' } }),
  options('when members of init are undefined', { method: undefined, headers: undefined, body: undefined, signal: undefined } as unknown as RequestInit, { method: 'GET' }),
  { name: 'when init is null', run: ({ fetch }) => echoed(fetch('echo', null as unknown as RequestInit)), shows: { method: 'GET' } },

  options('when a call to the page’s own origin carries cookies', {}, { headers: { cookie: 'crumb=1' } }),
  options('when credentials is omit', { credentials: 'omit' }, { headers: { cookie: null } }),
  { name: 'when a call to another origin leaves out cookies', run: ({ fetch, other }) => echoed(fetch(`${other}/echo`)), shows: { headers: { cookie: null } } },
  { name: 'when credentials is include for another origin', run: ({ fetch, other }) => echoed(fetch(`${other}/echo`, { credentials: 'include' })), shows: { headers: { cookie: 'crumb=1' } } },

  options('when the caller sets a referrer', { referrer: '/v1/elsewhere' }, { headers: { referer: /elsewhere$/ } }),
  options('when the referrer policy is no-referrer', { referrerPolicy: 'no-referrer' }, { headers: { referer: null } }),

  twice('when the answer is in the HTTP cache', 'default', ['1', '1']),
  twice('when the cache mode is no-store', 'no-store', ['1', '2']),
  twice('when the cache mode is reload', 'reload', ['1', '2']),
  twice('when the cache mode is force-cache', 'force-cache', ['1', '1']),
  { name: 'when the cache mode is only-if-cached and nothing is cached', run: ({ fetch, id }) => failure(fetch(`cached?id=${id}`, { cache: 'only-if-cached', mode: 'same-origin' })), shows: { kind: 'TypeError' } },

  { name: 'when the answer is a redirect', run: ({ fetch }) => fetch('redirect?code=302&to=echo').then(seen), shows: { redirected: true, status: 200, url: /\/v1\/echo$/ } },
  { name: 'when the answer is a redirect to another origin', run: ({ fetch, other }) => fetch(`redirect?code=302&to=${other}/echo`).then(seen), shows: { redirected: true, type: 'cors' } },
  { name: 'when the redirect mode is error', run: ({ fetch }) => failure(fetch('redirect?code=302&to=echo', { redirect: 'error' })), shows: { kind: 'TypeError' } },
  { name: 'when the redirect mode is manual', run: ({ fetch }) => fetch('redirect?code=302&to=echo', { redirect: 'manual' }).then(seen), shows: { type: 'opaqueredirect', status: 0, redirected: false } },
  { name: 'when a redirect never ends', run: ({ fetch }) => failure(fetch('circle')), shows: { kind: 'TypeError' } },

  { name: 'when the mode is same-origin for another origin', run: ({ fetch, other }) => failure(fetch(`${other}/echo`, { mode: 'same-origin' })), shows: { kind: 'TypeError' } },
  { name: 'when the mode is no-cors for another origin', run: ({ fetch, other }) => fetch(`${other}/echo`, { mode: 'no-cors' }).then(seen), shows: { type: 'opaque', status: 0, hasBody: false } },

  { name: 'when the body has the expected integrity', run: ({ fetch }) => fetch('status?code=200&text=hello', { integrity: 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=' }).then(seen), shows: { text: 'hello' }, ways: WITHOUT_REPLAY },
  { name: 'when the body has another integrity', run: ({ fetch }) => failure(fetch('status?code=200&text=hallo', { integrity: 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=' })), shows: { kind: 'TypeError' } },

  options('when keepalive is set with a small body', { method: 'POST', body: 'x'.repeat(1000), keepalive: true }, { headers: { 'content-length': '1000' } }),
  { name: 'when keepalive is set with a body of more than 64 KiB', run: ({ fetch }) => failure(fetch('echo', { method: 'POST', body: 'x'.repeat(70_000), keepalive: true })), shows: { kind: 'TypeError' } },
  { name: 'when a Request has keepalive', run: ({ fetch, home }) => echoed(fetch(new Request(`${home}/echo`, { method: 'POST', body: 'kept', keepalive: true }))), shows: { body: 'kept', headers: { 'content-length': '4' } } },
  options('when the priority is low', { priority: 'low' }, { method: 'GET' }),
];
