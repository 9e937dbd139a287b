import { failure, seen, type Case } from '../page/case.ts';

/** What the caller gets. */
export const RESPONSES: readonly Case[] = [
  { name: 'an answer of the page’s own origin', run: ({ fetch }) => fetch('echo').then(seen), shows: { isResponse: true, type: 'basic', redirected: false, status: 200, bodyUsed: false, headers: { 'x-own': 'answered' } } },
  ...[201, 204, 304, 400, 403, 404, 418, 429, 500, 503].map((code) => ({
    name: `status ${code} is an answer and no error`,
    run: ({ fetch }: { fetch: typeof globalThis.fetch }) => fetch(`status?code=${code}&text=${[204, 304].includes(code) ? '' : 'said'}`).then(seen),
    shows: { status: code },
  })),
  { name: 'a 401 that is about something else comes with its body unread', run: ({ fetch }) => fetch('status?code=401&text=blocked').then(seen), shows: { status: 401, bodyUsed: false, text: 'blocked' } },
  { name: 'the answer to HEAD has no body', run: ({ fetch }) => fetch('echo', { method: 'HEAD' }).then(seen), shows: { status: 200, text: '' } },
  {
    name: 'a streamed answer arrives as it comes',
    run: async ({ fetch, id, tell }) => {
      const reader = (await fetch(`trickle?id=${id}`)).body?.pipeThrough(new TextDecoderStream()).getReader();
      const first = await reader?.read();
      await tell(`go:${id}`);
      return [first, await reader?.read(), await reader?.read()];
    },
    shows: [{ value: 'one ' }, { value: 'two' }, { done: true }],
  },
  {
    name: 'a streamed 401 that is about something else arrives whole',
    run: async ({ fetch, other }) => {
      const response = await fetch(`${other}/status?code=401&text=blocked`);
      const copy = response.clone();
      return [await response.text(), await copy.text(), response.bodyUsed];
    },
    shows: ['blocked', 'blocked', true],
  },
  {
    name: 'a body can be read into a buffer of the caller’s own',
    run: async ({ fetch }) => {
      const reader = (await fetch('status?code=200&text=hello')).body?.getReader({ mode: 'byob' });
      const read = await reader?.read(new Uint8Array(3));
      return [...(read?.value ?? [])];
    },
    shows: [104, 101, 108],
  },
  {
    name: 'a body can be read once',
    run: async ({ fetch }) => {
      const response = await fetch('status?code=200&text=hello');
      return [await response.text(), await failure(response.text())];
    },
    shows: ['hello', { kind: 'TypeError' }],
  },
  {
    name: 'headers of an answer cannot be changed',
    run: async ({ fetch }) => {
      const { headers } = await fetch('status?code=200&text=hello');
      return failure((async () => headers.set('x-own', '1'))());
    },
    shows: { kind: 'TypeError' },
  },
  {
    name: 'the answer of a HTML page knows its form',
    run: async ({ fetch, home }) => {
      const response = await fetch(`${home}/`);
      return (await response.blob()).type;
    },
    shows: 'text/html',
  },
];
