import { failure, seen, type Case } from '../page/case.ts';

/** The answers that a caller gets. */
export const RESPONSES: readonly Case[] = [
  { name: 'when the answer comes from the page’s own origin', run: ({ fetch }) => fetch('echo').then(seen), shows: { isResponse: true, type: 'basic', redirected: false, status: 200, bodyUsed: false, headers: { 'x-own': 'answered' } } },
  ...[201, 204, 304, 400, 403, 404, 418, 429, 500, 503].map((code) => ({
    name: `when the API answers ${code}`,
    run: ({ fetch }: { fetch: typeof globalThis.fetch }) => fetch(`status?code=${code}&text=${[204, 304].includes(code) ? '' : 'said'}`).then(seen),
    shows: { status: code },
  })),
  { name: 'when the answer is a 401 that is not about the token', run: ({ fetch }) => fetch('status?code=401&text=blocked').then(seen), shows: { status: 401, bodyUsed: false, text: 'blocked' } },
  { name: 'when the method is HEAD', run: ({ fetch }) => fetch('echo', { method: 'HEAD' }).then(seen), shows: { status: 200, text: '' } },
  {
    name: 'when the answer is streamed in pieces',
    run: async ({ fetch, id, emit }) => {
      const reader = (await fetch(`trickle?id=${id}`)).body?.pipeThrough(new TextDecoderStream()).getReader();
      const first = await reader?.read();
      await emit(`go:${id}`);
      return [first, await reader?.read(), await reader?.read()];
    },
    shows: [{ value: 'one ' }, { value: 'two' }, { done: true }],
  },
  {
    name: 'when a streamed answer is a 401 that is not about the token',
    run: async ({ fetch, other }) => {
      const response = await fetch(`${other}/status?code=401&text=blocked`);
      const copy = response.clone();
      return [await response.text(), await copy.text(), response.bodyUsed];
    },
    shows: ['blocked', 'blocked', true],
  },
  {
    name: 'when the body is read into the caller’s own buffer',
    run: async ({ fetch }) => {
      const reader = (await fetch('status?code=200&text=hello')).body?.getReader({ mode: 'byob' });
      const read = await reader?.read(new Uint8Array(3));
      return [...(read?.value ?? [])];
    },
    shows: [104, 101, 108],
  },
  {
    name: 'when the body is read twice',
    run: async ({ fetch }) => {
      const response = await fetch('status?code=200&text=hello');
      return [await response.text(), await failure(response.text())];
    },
    shows: ['hello', { kind: 'TypeError' }],
  },
  {
    name: 'when the caller changes the headers of the answer',
    run: async ({ fetch }) => {
      const { headers } = await fetch('status?code=200&text=hello');
      return failure((async () => headers.set('x-own', '1'))());
    },
    shows: { kind: 'TypeError' },
  },
  {
    name: 'when the answer is an HTML page that is read as a Blob',
    run: async ({ fetch, home }) => {
      const response = await fetch(`${home}/`);
      return (await response.blob()).type;
    },
    shows: 'text/html',
  },
];
