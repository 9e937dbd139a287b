import { echoed, failure, type Case } from '../page/case.ts';
import { WITHOUT_REPLAY } from '../ways.ts';

const bytes = () => new TextEncoder().encode('0123456789');
const sends = (name: string, make: () => BodyInit, shows: object): Case => ({ name, run: ({ fetch }) => echoed(fetch('echo', { method: 'POST', body: make() })), shows });
const streaming = { method: 'POST', duplex: 'half' } as const;

/** A stream can be read only once, so it is not replayed (see `differences.ts`). */
const STREAMS: readonly Case[] = [
  { name: 'a stream with duplex', run: ({ fetch }) => echoed(fetch('echo', { ...streaming, body: new Blob(['streamed']).stream() } as RequestInit)), shows: { body: 'streamed', headers: { 'content-length': null } } },
  {
    name: 'a streamed body is sent as it comes',
    run: async ({ fetch, id, until }) => {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const writer = writable.getWriter();
      const answer = fetch(`upload?id=${id}`, { ...streaming, body: readable } as RequestInit);
      await writer.write(new TextEncoder().encode('first '));
      await until(`piece:${id}`);
      await writer.write(new TextEncoder().encode('second'));
      await writer.close();
      return (await answer).text();
    },
    shows: 'first second',
  },
  { name: 'a stream cannot follow a redirect that keeps the method', run: ({ fetch }) => failure(fetch('redirect?code=307&to=echo', { ...streaming, body: new Blob(['x']).stream() } as RequestInit)), shows: { kind: 'TypeError' } },
  { name: 'a stream that fails fails the call', run: ({ fetch }) => failure(fetch('echo', { ...streaming, body: new ReadableStream({ start: (controller) => controller.error(new RangeError('broken')) }) } as RequestInit)), shows: { kind: 'TypeError' } },
  { name: 'a stream cannot go to a server that speaks HTTP/1.1 only', run: ({ fetch, other }) => failure(fetch(`${other}/echo`, { ...streaming, body: new Blob(['x']).stream() } as RequestInit)), shows: { kind: 'TypeError' } },
];

/** What is sent, by what it is made of. */
export const BODIES: readonly Case[] = [
  sends('a body of text', () => 'hello', { body: 'hello', headers: { 'content-type': 'text/plain;charset=UTF-8', 'content-length': '5' } }),
  sends('an empty body', () => '', { body: '', headers: { 'content-length': '0' } }),
  sends('a body of bytes', bytes, { body: '0123456789', headers: { 'content-type': null } }),
  sends('a part of a buffer', () => bytes().subarray(2, 5), { body: '234' }),
  sends('a buffer', () => bytes().buffer, { body: '0123456789' }),
  sends('a DataView', () => new DataView(bytes().buffer, 3, 4), { body: '3456' }),
  sends('a Blob with a type', () => new Blob(['blob'], { type: 'text/x-own' }), { body: 'blob', headers: { 'content-type': 'text/x-own' } }),
  sends('search parameters', () => new URLSearchParams({ a: 'b c' }), { body: 'a=b+c', headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' } }),
  sends('a form with a file', form, { body: /filename="a.txt"/, headers: { 'content-type': 'multipart/form-data; boundary=BOUNDARY' } }),
  sends('anything else becomes text', () => ({ toString: () => 'as text' }) as unknown as string, { body: 'as text' }),
  {
    name: 'a type of the caller’s own goes before that of the body',
    run: ({ fetch }) => echoed(fetch('echo', { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } })),
    shows: { headers: { 'content-type': 'application/json' } },
  },
  {
    name: 'what the caller does to a body afterwards does not count',
    run: async ({ fetch }) => {
      const buffer = bytes();
      const data = form();
      const search = new URLSearchParams({ a: 'before' });
      const answers = [buffer, data, search].map((body) => echoed(fetch('echo', { method: 'POST', body })));
      buffer.fill(0);
      data.set('text', 'after');
      search.set('a', 'after');
      return Promise.all(answers);
    },
    shows: [{ body: '0123456789' }, { body: /hello/ }, { body: 'a=before' }],
  },
  { name: 'a stream without duplex is refused', run: ({ fetch }) => failure(fetch('echo', { method: 'POST', body: new Blob(['x']).stream() })), shows: { kind: 'TypeError' } },
  {
    name: 'a stream that somebody is reading is refused',
    run: ({ fetch }) => {
      const body = new Blob(['x']).stream();
      body.getReader();
      return failure(fetch('echo', { ...streaming, body }));
    },
    shows: { kind: 'TypeError' },
  },
  { name: 'a stream in a Request', run: ({ fetch, home }) => echoed(fetch(new Request(`${home}/echo`, { ...streaming, body: new Blob(['streamed']).stream() }))), shows: { body: 'streamed', headers: { 'content-length': null } } },
  { name: 'a Request’s body survives a redirect that keeps the method', run: ({ fetch, home }) => echoed(fetch(new Request(`${home}/redirect?code=307&to=echo`, { method: 'POST', body: 'kept' }))), shows: { method: 'POST', body: 'kept' } },
  { name: 'a body survives a redirect that keeps the method', run: ({ fetch }) => echoed(fetch('redirect?code=308&to=echo', { method: 'PUT', body: form() })), shows: { method: 'PUT', body: /hello/ } },
  { name: 'a body is dropped by a redirect that turns a POST into a GET', run: ({ fetch }) => echoed(fetch('redirect?code=303&to=echo', { method: 'POST', body: 'dropped' })), shows: { method: 'GET', body: '' } },
  ...STREAMS.map((one): Case => ({ ...one, ways: WITHOUT_REPLAY })),
];

function form(): FormData {
  const data = new FormData();
  data.append('text', 'hello');
  data.append('file', new Blob(['content'], { type: 'text/plain' }), 'a.txt');
  return data;
}
