import type { Case } from '../page/case.ts';

const names = (name: string, init: () => RequestInit, shows: unknown): Case => ({ name, run: async ({ fetch, other }) => (await fetch(`${other}/names`, init())).json(), shows });

/** The names of headers as they go out on HTTP/1.1, which keeps the case of letters. */
export const HEADERS: readonly Case[] = [
  names('when the headers of an object have upper-case letters', () => ({ headers: { 'X-Trace-Id': '1', ACCEPT: 'a' } }), ['ACCEPT', 'X-Trace-Id']),
  names('when the headers of pairs have upper-case letters', () => ({ headers: [['X-Trace-Id', '1'], ['x-own', '2']] }), ['Accept', 'X-Trace-Id', 'x-own']),
  names('when a Headers object was made from upper-case letters', () => ({ headers: new Headers({ 'X-Trace-Id': '1' }) }), ['Accept', 'x-trace-id']),
  names('when a text has headers in upper case', () => ({ method: 'POST', body: 'text', headers: { 'X-Trace-Id': '1', 'CONTENT-TYPE': 'text/x-own' } }), ['Accept', 'CONTENT-TYPE', 'X-Trace-Id']),
  names('when bytes have headers in upper case', () => ({ method: 'POST', body: new Uint8Array(3), headers: { 'X-Trace-Id': '1' } }), ['Accept', 'X-Trace-Id']),
  {
    name: 'when a Request has headers in upper case',
    run: async ({ fetch, other }) => (await fetch(new Request(`${other}/names`, { headers: { 'X-Trace-Id': '1' } }))).json(),
    shows: ['Accept', 'X-Trace-Id'],
  },
];
