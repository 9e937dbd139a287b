import { failure, type Case, type CaseContext } from '../page/case.ts';
import { WAYS } from '../ways.ts';

const fails = (name: string, call: (context: CaseContext) => Promise<unknown>): Case => ({ name, run: (context) => failure(call(context)), shows: { kind: 'TypeError' } });

/** Calls that must fail. */
export const ERRORS: readonly Case[] = [
  fails('when the address contains a user and a password', ({ fetch, home }) => fetch(`${home.replace('https://', 'https://user:password@')}/echo`)),
  fails('when a GET has a body', ({ fetch }) => fetch('echo', { body: 'x' })),
  fails('when browsers forbid the method', ({ fetch }) => fetch('echo', { method: 'CONNECT' })),
  fails('when the method is invalid', ({ fetch }) => fetch('echo', { method: 'a b' })),
  fails('when the name of a header is invalid', ({ fetch }) => fetch('echo', { headers: { 'a b': '1' } })),
  fails('when the value of a header is invalid', ({ fetch }) => fetch('echo', { headers: { 'x-own': 'a\nb' } })),
  fails('when the headers are neither an object nor pairs', ({ fetch }) => fetch('echo', { headers: [['x-own']] as unknown as HeadersInit })),
  fails('when the mode is unknown', ({ fetch }) => fetch('echo', { mode: 'sideways' as RequestMode })),
  fails('when scripts may not use the mode', ({ fetch }) => fetch('echo', { mode: 'navigate' })),
  fails('when the cache mode is only-if-cached for any origin', ({ fetch }) => fetch('echo', { cache: 'only-if-cached' })),
  { ...fails('when the signal is not an AbortSignal', ({ fetch }) => fetch('echo', { signal: {} as AbortSignal })), ways: WAYS.filter((way) => way !== 'after a wait') },
  fails('when init is not an object', ({ fetch }) => fetch('echo', 'POST' as RequestInit)),
  fails('when the address is a symbol', ({ fetch }) => fetch(Symbol('address') as unknown as string)),
  fails('when the connection breaks before the answer', ({ fetch }) => fetch('drop', { method: 'POST' })),
  fails('when the connection breaks in the middle of the answer', ({ fetch, other }) => fetch(`${other}/cut`).then((response) => response.text())),
  {
    name: 'when an invalid argument rejects the promise instead of throwing',
    run: async ({ fetch }) => {
      const answer = fetch('echo', { method: 'a b' });
      return [answer instanceof Promise, await failure(answer)];
    },
    shows: [true, { kind: 'TypeError' }],
  },
];
