import { echoed, failure, type Case } from '../page/case.ts';
import { WITHOUT_REPLAY } from '../ways.ts';

const bytes = () => new TextEncoder().encode('0123456789');
const sends = (name: string, make: () => BodyInit, shows: object): Case => ({ name, run: ({ fetch }) => echoed(fetch('echo', { method: 'POST', body: make() })), shows });
const streaming = { method: 'POST', duplex: 'half' } as const;

/** A stream can be read only once, so it is not replayed (see `differences.ts`). */
const STREAMS: readonly Case[] = [
  { name: 'when the body is a stream with the duplex option', run: ({ fetch }) => echoed(fetch('echo', { ...streaming, body: new Blob(['streamed']).stream() } as RequestInit)), shows: { body: 'streamed', headers: { 'content-length': null } } },
  {
    name: 'when a stream delivers its body in pieces',
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
  { name: 'when a redirect keeps the method of a call with a stream', run: ({ fetch }) => failure(fetch('redirect?code=307&to=echo', { ...streaming, body: new Blob(['x']).stream() } as RequestInit)), shows: { kind: 'TypeError' } },
  { name: 'when the stream of a body fails', run: ({ fetch }) => failure(fetch('echo', { ...streaming, body: new ReadableStream({ start: (controller) => controller.error(new RangeError('broken')) }) } as RequestInit)), shows: { kind: 'TypeError' } },
  { name: 'when a stream goes to a server that supports only HTTP/1.1', run: ({ fetch, other }) => failure(fetch(`${other}/echo`, { ...streaming, body: new Blob(['x']).stream() } as RequestInit)), shows: { kind: 'TypeError' } },
];

/** What is sent, by the kind of the body. */
export const BODIES: readonly Case[] = [
  sends('when the body is text', () => 'hello', { body: 'hello', headers: { 'content-type': 'text/plain;charset=UTF-8', 'content-length': '5' } }),
  sends('when the body is empty', () => '', { body: '', headers: { 'content-length': '0' } }),
  sends('when the body is a Uint8Array', bytes, { body: '0123456789', headers: { 'content-type': null } }),
  sends('when the body is a part of a buffer', () => bytes().subarray(2, 5), { body: '234' }),
  sends('when the body is a buffer', () => bytes().buffer, { body: '0123456789' }),
  sends('when the body is a DataView', () => new DataView(bytes().buffer, 3, 4), { body: '3456' }),
  sends('when the body is a Blob with a type', () => new Blob(['blob'], { type: 'text/x-own' }), { body: 'blob', headers: { 'content-type': 'text/x-own' } }),
  sends('when the body is URLSearchParams', () => new URLSearchParams({ a: 'b c' }), { body: 'a=b+c', headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' } }),
  sends('when the body is a form with a file', form, { body: /filename="a.txt"/, headers: { 'content-type': 'multipart/form-data; boundary=BOUNDARY' } }),
  sends('when the body is an object that converts to text', () => ({ toString: () => 'as text' }) as unknown as string, { body: 'as text' }),
  {
    name: 'when the caller sets another content type than the body has',
    run: ({ fetch }) => echoed(fetch('echo', { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } })),
    shows: { headers: { 'content-type': 'application/json' } },
  },
  {
    name: 'when the caller changes a body after the call',
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
  { name: 'when the body is a stream without the duplex option', run: ({ fetch }) => failure(fetch('echo', { method: 'POST', body: new Blob(['x']).stream() })), shows: { kind: 'TypeError' } },
  {
    name: 'when the body is a stream that is locked by a reader',
    run: ({ fetch }) => {
      const body = new Blob(['x']).stream();
      body.getReader();
      return failure(fetch('echo', { ...streaming, body }));
    },
    shows: { kind: 'TypeError' },
  },
  { name: 'when the body of a Request is a stream', run: ({ fetch, home }) => echoed(fetch(new Request(`${home}/echo`, { ...streaming, body: new Blob(['streamed']).stream() }))), shows: { body: 'streamed', headers: { 'content-length': null } } },
  { name: 'when a redirect keeps the method and body of a Request', run: ({ fetch, home }) => echoed(fetch(new Request(`${home}/redirect?code=307&to=echo`, { method: 'POST', body: 'kept' }))), shows: { method: 'POST', body: 'kept' } },
  { name: 'when a redirect keeps the method and the body', run: ({ fetch }) => echoed(fetch('redirect?code=308&to=echo', { method: 'PUT', body: form() })), shows: { method: 'PUT', body: /hello/ } },
  { name: 'when a redirect turns a POST into a GET', run: ({ fetch }) => echoed(fetch('redirect?code=303&to=echo', { method: 'POST', body: 'dropped' })), shows: { method: 'GET', body: '' } },
  ...STREAMS.map((one): Case => ({ ...one, ways: WITHOUT_REPLAY })),
];

function form(): FormData {
  const data = new FormData();
  data.append('text', 'hello');
  data.append('file', new Blob(['content'], { type: 'text/plain' }), 'a.txt');
  return data;
}
