import { failure, type Case, type Playground } from '../page/case.ts';
import { WAYS } from '../ways.ts';

const fails = (name: string, call: (playground: Playground) => Promise<unknown>): Case => ({ name, run: (playground) => failure(call(playground)), shows: { kind: 'TypeError' } });

/** What cannot work. */
export const ERRORS: readonly Case[] = [
  fails('an address with a user and a password', ({ fetch, home }) => fetch(`${home.replace('https://', 'https://user:password@')}/echo`)),
  fails('a GET with a body', ({ fetch }) => fetch('echo', { body: 'x' })),
  fails('a method that browsers forbid', ({ fetch }) => fetch('echo', { method: 'CONNECT' })),
  fails('a method that is none', ({ fetch }) => fetch('echo', { method: 'a b' })),
  fails('a header whose name is none', ({ fetch }) => fetch('echo', { headers: { 'a b': '1' } })),
  fails('a header whose value is none', ({ fetch }) => fetch('echo', { headers: { 'x-own': 'a\nb' } })),
  fails('headers that are neither', ({ fetch }) => fetch('echo', { headers: [['x-own']] as unknown as HeadersInit })),
  fails('a mode that is none', ({ fetch }) => fetch('echo', { mode: 'sideways' as RequestMode })),
  fails('a mode that scripts may not use', ({ fetch }) => fetch('echo', { mode: 'navigate' })),
  fails('only-if-cached for any origin', ({ fetch }) => fetch('echo', { cache: 'only-if-cached' })),
  { ...fails('a signal that is none', ({ fetch }) => fetch('echo', { signal: {} as AbortSignal })), ways: WAYS.filter((way) => way !== 'after a wait') },
  fails('an init that is no object', ({ fetch }) => fetch('echo', 'POST' as RequestInit)),
  fails('a symbol for an address', ({ fetch }) => fetch(Symbol('address') as unknown as string)),
  fails('a connection that breaks before the answer', ({ fetch }) => fetch('drop', { method: 'POST' })),
  fails('a connection that breaks in the middle of the answer', ({ fetch, other }) => fetch(`${other}/cut`).then((response) => response.text())),
  {
    name: 'what is wrong is told by the promise and never thrown',
    run: async ({ fetch }) => {
      const answer = fetch('echo', { method: 'a b' });
      return [answer instanceof Promise, await failure(answer)];
    },
    shows: [true, { kind: 'TypeError' }],
  },
];
