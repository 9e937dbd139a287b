import { echoed, failure, type Case, type Playground } from '../page/case.ts';

const post = ({ home }: Playground, init: RequestInit = {}) =>
  new Request(`${home}/echo`, { method: 'POST', body: 'request', headers: { 'x-own': '1' }, ...init });

/** What becomes of a `Request`, and of what it says. */
export const REQUESTS: readonly Case[] = [
  { name: 'a Request with a body and headers of its own', run: (play) => echoed(play.fetch(post(play))), shows: { method: 'POST', body: 'request', headers: { 'x-own': '1', 'content-length': '7' } } },
  {
    name: 'a Request counts as used as soon as it is passed',
    run: async (play) => {
      const request = post(play);
      const answer = play.fetch(request);
      const used = request.bodyUsed;
      await answer;
      return { used };
    },
    shows: { used: true },
  },
  {
    name: 'a Request with a body cannot be sent twice',
    run: async (play) => {
      const request = post(play);
      await play.fetch(request);
      return failure(play.fetch(request));
    },
    shows: { kind: 'TypeError' },
  },
  {
    name: 'a Request without a body can be sent twice',
    run: async ({ fetch, home }) => {
      const request = new Request(`${home}/echo`);
      return [await echoed(fetch(request)), await echoed(fetch(request))];
    },
    shows: [{ method: 'GET' }, { method: 'GET' }],
  },
  {
    name: 'a clone of a Request can be sent after it',
    run: async (play) => {
      const request = post(play);
      const clone = request.clone();
      return [await echoed(play.fetch(request)), await echoed(play.fetch(clone))];
    },
    shows: [{ body: 'request' }, { body: 'request' }],
  },
  {
    name: 'a Request whose body has been read cannot be sent',
    run: async (play) => {
      const request = post(play);
      await request.text();
      return failure(play.fetch(request));
    },
    shows: { kind: 'TypeError' },
  },
  {
    name: 'a Request whose body somebody is reading cannot be sent',
    run: (play) => {
      const request = post(play);
      request.body?.getReader();
      return failure(play.fetch(request));
    },
    shows: { kind: 'TypeError' },
  },
  { name: 'a Request is left as it was: no header is added to it', run: async (play) => {
    const request = post(play);
    await play.fetch(request);
    return [...request.headers];
  }, shows: [['content-type', 'text/plain;charset=UTF-8'], ['x-own', '1']] },
  { name: 'init overrides a Request', run: (play) => echoed(play.fetch(post(play), { method: 'PUT', body: 'init', headers: { 'x-own': '2' } })), shows: { method: 'PUT', body: 'init', headers: { 'x-own': '2' } } },
  { name: 'an init without headers leaves those of a Request', run: (play) => echoed(play.fetch(post(play), { body: 'init' })), shows: { body: 'init', headers: { 'x-own': '1' } } },
  { name: 'a body that is null in init leaves that of a Request', run: (play) => echoed(play.fetch(post(play), { body: null })), shows: { body: 'request' } },
  { name: 'a form in a Request', run: (play) => echoed(play.fetch(post(play, { body: form() }))), shows: { body: /name="text"/, headers: { 'content-type': /^multipart/ } } },
  { name: 'the referrer of a Request', run: (play) => echoed(play.fetch(post(play, { referrer: '/v1/elsewhere' }))), shows: { headers: { referer: /elsewhere$/ } } },
  { name: 'a Request that wants no referrer', run: (play) => echoed(play.fetch(post(play, { referrerPolicy: 'no-referrer' }))), shows: { headers: { referer: null } } },
  { name: 'an init makes a Request forget its referrer', run: (play) => echoed(play.fetch(post(play, { referrer: '/v1/elsewhere' }), { cache: 'no-store' })), shows: { headers: { referer: /\/v1\/\?/ } } },
  { name: 'the credentials mode of a Request', run: (play) => echoed(play.fetch(post(play, { credentials: 'omit' }))), shows: { headers: { cookie: null } } },
  { name: 'a Request in the place of init', run: (play) => echoed(play.fetch(`${play.home}/echo?other`, new Request(play.home, { method: 'PUT', headers: { 'x-own': '3' } }))), shows: { method: 'PUT', path: '/v1/echo?other', headers: { 'x-own': '3' } } },
  { name: 'an init whose members are inherited', run: ({ fetch }) => echoed(fetch('echo', Object.create({ method: 'POST', body: 'inherited' }) as RequestInit)), shows: { method: 'POST', body: 'inherited' } },
  {
    name: 'a Request of another frame',
    run: async (play) => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      const { Request: OtherRequest } = frame.contentWindow as unknown as typeof globalThis;
      const answer = await echoed(play.fetch(new OtherRequest(`${play.home}/echo`, { method: 'POST', body: 'framed' })));
      frame.remove();
      return answer;
    },
    shows: { method: 'POST', body: 'framed' },
  },
  {
    name: 'what the caller does to init afterwards does not count',
    run: async ({ fetch }) => {
      const headers: Record<string, string> = { 'x-own': 'before' };
      const init: RequestInit = { method: 'POST', headers };
      const answer = fetch('echo', init);
      init.method = 'PUT';
      init.body = 'after';
      headers['x-own'] = 'after';
      return echoed(answer);
    },
    shows: { method: 'POST', body: '', headers: { 'x-own': 'before' } },
  },
];

function form(): FormData {
  const data = new FormData();
  data.append('text', 'hello');
  data.append('file', new Blob(['content'], { type: 'text/plain' }), 'a.txt');
  return data;
}
