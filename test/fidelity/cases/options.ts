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

/** What the members of init do. */
export const OPTIONS: readonly Case[] = [
  options('a method in small letters', { method: 'post' }, { method: 'POST' }),
  options('headers as an object', { headers: { 'X-Own': 'a' } }, { headers: { 'x-own': 'a' } }),
  options('headers as pairs, one of them twice', { headers: [['x-own', 'a'], ['x-own', 'b']] }, { headers: { 'x-own': 'a, b' } }),
  options('headers as Headers', { headers: new Headers({ 'x-own': 'a' }) }, { headers: { 'x-own': 'a' } }),
  options('members that are undefined', { method: undefined, headers: undefined, body: undefined, signal: undefined } as unknown as RequestInit, { method: 'GET' }),
  { name: 'an init that is null', run: ({ fetch }) => echoed(fetch('echo', null as unknown as RequestInit)), shows: { method: 'GET' } },

  options('cookies go to the page’s own origin', {}, { headers: { cookie: 'crumb=1' } }),
  options('cookies are left out where credentials says so', { credentials: 'omit' }, { headers: { cookie: null } }),
  { name: 'cookies do not go to another origin', run: ({ fetch, other }) => echoed(fetch(`${other}/echo`)), shows: { headers: { cookie: null } } },
  { name: 'cookies go to another origin where credentials says so', run: ({ fetch, other }) => echoed(fetch(`${other}/echo`, { credentials: 'include' })), shows: { headers: { cookie: 'crumb=1' } } },

  options('an own referrer', { referrer: '/v1/elsewhere' }, { headers: { referer: /elsewhere$/ } }),
  options('no referrer', { referrerPolicy: 'no-referrer' }, { headers: { referer: null } }),

  twice('an answer is taken from the cache', 'default', ['1', '1']),
  twice('no-store goes past the cache', 'no-store', ['1', '2']),
  twice('reload asks again', 'reload', ['1', '2']),
  twice('force-cache takes what is there', 'force-cache', ['1', '1']),
  { name: 'only-if-cached fails where there is nothing', run: ({ fetch, id }) => failure(fetch(`cached?id=${id}`, { cache: 'only-if-cached', mode: 'same-origin' })), shows: { kind: 'TypeError' } },

  { name: 'a redirect is followed', run: ({ fetch }) => fetch('redirect?code=302&to=echo').then(seen), shows: { redirected: true, status: 200, url: /\/v1\/echo$/ } },
  { name: 'a redirect to another origin is followed', run: ({ fetch, other }) => fetch(`redirect?code=302&to=${other}/echo`).then(seen), shows: { redirected: true, type: 'cors' } },
  { name: 'a redirect is an error where redirect says so', run: ({ fetch }) => failure(fetch('redirect?code=302&to=echo', { redirect: 'error' })), shows: { kind: 'TypeError' } },
  { name: 'a redirect is left to the caller where redirect says so', run: ({ fetch }) => fetch('redirect?code=302&to=echo', { redirect: 'manual' }).then(seen), shows: { type: 'opaqueredirect', status: 0, redirected: false } },
  { name: 'a redirect that never ends', run: ({ fetch }) => failure(fetch('circle')), shows: { kind: 'TypeError' } },

  { name: 'same-origin refuses another origin', run: ({ fetch, other }) => failure(fetch(`${other}/echo`, { mode: 'same-origin' })), shows: { kind: 'TypeError' } },
  { name: 'no-cors gives an answer that cannot be read', run: ({ fetch, other }) => fetch(`${other}/echo`, { mode: 'no-cors' }).then(seen), shows: { type: 'opaque', status: 0, hasBody: false } },

  { name: 'a body of the right integrity', run: ({ fetch }) => fetch('status?code=200&text=hello', { integrity: 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=' }).then(seen), shows: { text: 'hello' }, ways: WITHOUT_REPLAY },
  { name: 'a body of another integrity', run: ({ fetch }) => failure(fetch('status?code=200&text=hallo', { integrity: 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=' })), shows: { kind: 'TypeError' } },

  options('keepalive with a small body', { method: 'POST', body: 'x'.repeat(1000), keepalive: true }, { headers: { 'content-length': '1000' } }),
  { name: 'keepalive with a body of more than 64 KiB', run: ({ fetch }) => failure(fetch('echo', { method: 'POST', body: 'x'.repeat(70_000), keepalive: true })), shows: { kind: 'TypeError' } },
  { name: 'a Request that is kept alive', run: ({ fetch, home }) => echoed(fetch(new Request(`${home}/echo`, { method: 'POST', body: 'kept', keepalive: true }))), shows: { body: 'kept', headers: { 'content-length': '4' } } },
  options('a priority', { priority: 'low' }, { method: 'GET' }),
];
