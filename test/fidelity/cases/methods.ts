import { failure, seen, type Case } from '../page/case.ts';

const sent = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get', 'head', 'post', 'put', 'patch', 'delete', 'options', 'PROPFIND', 'x-own'];
const refused = ['CONNECT', 'TRACE', 'TRACK', 'connect', ''];

/** Each method, those that browsers forbid included. */
export const METHODS: readonly Case[] = [
  ...sent.map((method): Case => ({ name: `when a call has the method ${method}`, run: ({ fetch }) => fetch('echo', { method }).then(seen), shows: { status: 200 } })),
  ...refused.map((method): Case => ({ name: `when browsers refuse the method "${method}"`, run: ({ fetch }) => failure(fetch('echo', { method })), shows: { kind: 'TypeError' } })),
  { name: 'when a HEAD finds nothing', run: ({ fetch }) => fetch('nothing', { method: 'HEAD' }).then(seen), shows: { status: 404, text: '' } },
  { name: 'when a HEAD goes to another origin', run: ({ fetch, other }) => fetch(`${other}/echo`, { method: 'HEAD' }).then(seen), shows: { status: 200, text: '' } },
];
