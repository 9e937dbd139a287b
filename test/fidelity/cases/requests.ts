import { echoed, failure, type Case, type CaseContext } from '../page/case.ts';

const post = ({ home }: CaseContext, init: RequestInit = {}) =>
  new Request(`${home}/echo`, { method: 'POST', body: 'request', headers: { 'x-own': '1' }, ...init });

/** What happens to a `Request` and its members. */
export const REQUESTS: readonly Case[] = [
  { name: 'when a Request has a body and headers', run: (context) => echoed(context.fetch(post(context))), shows: { method: 'POST', body: 'request', headers: { 'x-own': '1', 'content-length': '7' } } },
  {
    name: 'when a Request with a body has just been passed',
    run: async (context) => {
      const request = post(context);
      const answer = context.fetch(request);
      const used = request.bodyUsed;
      await answer;
      return { used };
    },
    shows: { used: true },
  },
  {
    name: 'when a Request with a body is sent twice',
    run: async (context) => {
      const request = post(context);
      await context.fetch(request);
      return failure(context.fetch(request));
    },
    shows: { kind: 'TypeError' },
  },
  {
    name: 'when a Request without a body is sent twice',
    run: async ({ fetch, home }) => {
      const request = new Request(`${home}/echo`);
      return [await echoed(fetch(request)), await echoed(fetch(request))];
    },
    shows: [{ method: 'GET' }, { method: 'GET' }],
  },
  {
    name: 'when a clone of a Request is sent after it',
    run: async (context) => {
      const request = post(context);
      const clone = request.clone();
      return [await echoed(context.fetch(request)), await echoed(context.fetch(clone))];
    },
    shows: [{ body: 'request' }, { body: 'request' }],
  },
  {
    name: 'when the body of a Request has been read',
    run: async (context) => {
      const request = post(context);
      await request.text();
      return failure(context.fetch(request));
    },
    shows: { kind: 'TypeError' },
  },
  {
    name: 'when the body of a Request is locked by a reader',
    run: (context) => {
      const request = post(context);
      request.body?.getReader();
      return failure(context.fetch(request));
    },
    shows: { kind: 'TypeError' },
  },
  { name: 'when the headers of a Request are read after the call', run: async (context) => {
    const request = post(context);
    await context.fetch(request);
    return [...request.headers];
  }, shows: [['content-type', 'text/plain;charset=UTF-8'], ['x-own', '1']] },
  { name: 'when init overrides a Request', run: (context) => echoed(context.fetch(post(context), { method: 'PUT', body: 'init', headers: { 'x-own': '2' } })), shows: { method: 'PUT', body: 'init', headers: { 'x-own': '2' } } },
  { name: 'when init has no headers and a Request has some', run: (context) => echoed(context.fetch(post(context), { body: 'init' })), shows: { body: 'init', headers: { 'x-own': '1' } } },
  { name: 'when the body is null in init and a Request has one', run: (context) => echoed(context.fetch(post(context), { body: null })), shows: { body: 'request' } },
  { name: 'when the body of a Request is a form', run: (context) => echoed(context.fetch(post(context, { body: form() }))), shows: { body: /name="text"/, headers: { 'content-type': /^multipart/ } } },
  { name: 'when a Request has a referrer', run: (context) => echoed(context.fetch(post(context, { referrer: '/v1/elsewhere' }))), shows: { headers: { referer: /elsewhere$/ } } },
  { name: 'when the referrer policy of a Request is no-referrer', run: (context) => echoed(context.fetch(post(context, { referrerPolicy: 'no-referrer' }))), shows: { headers: { referer: null } } },
  { name: 'when init resets the referrer of a Request', run: (context) => echoed(context.fetch(post(context, { referrer: '/v1/elsewhere' }), { cache: 'no-store' })), shows: { headers: { referer: /\/v1\/\?/ } } },
  { name: 'when a Request has a credentials mode', run: (context) => echoed(context.fetch(post(context, { credentials: 'omit' }))), shows: { headers: { cookie: null } } },
  { name: 'when a Request is passed in place of init', run: (context) => echoed(context.fetch(`${context.home}/echo?other`, new Request(context.home, { method: 'PUT', headers: { 'x-own': '3' } }))), shows: { method: 'PUT', path: '/v1/echo?other', headers: { 'x-own': '3' } } },
  { name: 'when the members of init are inherited', run: ({ fetch }) => echoed(fetch('echo', Object.create({ method: 'POST', body: 'inherited' }) as RequestInit)), shows: { method: 'POST', body: 'inherited' } },
  {
    name: 'when a Request comes from another frame',
    run: async (context) => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      const { Request: OtherRequest } = frame.contentWindow as unknown as typeof globalThis;
      const answer = await echoed(context.fetch(new OtherRequest(`${context.home}/echo`, { method: 'POST', body: 'framed' })));
      frame.remove();
      return answer;
    },
    shows: { method: 'POST', body: 'framed' },
  },
  {
    name: 'when the caller changes init after the call',
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
