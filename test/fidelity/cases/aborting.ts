import { echoed, failure, type Case } from '../page/case.ts';
import { WITHOUT_REPLAY } from '../ways.ts';

const own = { own: 'reason' };

/** What becomes of a call whose signal is aborted. */
export const ABORTING: readonly Case[] = [
  { name: 'a signal that is aborted already', run: ({ fetch }) => failure(fetch('echo', { signal: AbortSignal.abort() })), shows: { kind: 'DOMException', name: 'AbortError' } },
  { name: 'a signal that is aborted already, with a reason of its own', run: ({ fetch }) => failure(fetch('echo', { signal: AbortSignal.abort(own) })), shows: { thrown: own } },
  { name: 'a Request whose signal is aborted already', run: ({ fetch, home }) => failure(fetch(new Request(`${home}/echo`, { signal: AbortSignal.abort(own) }))), shows: { thrown: own } },
  {
    name: 'the very reason arrives, not a copy',
    run: async ({ fetch }) => {
      const reason = new RangeError('mine');
      const caught: unknown = await fetch('echo', { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error);
      return caught === reason;
    },
    shows: true,
  },
  aborted('a call that is aborted at once', (controller) => controller.abort()),
  aborted('a call that is aborted at once with a reason of its own', (controller) => controller.abort(own), { thrown: own }),
  {
    name: 'a Request that is aborted at once',
    run: ({ fetch, home, id }) => {
      const controller = new AbortController();
      const answer = fetch(new Request(`${home}/hang?id=${id}`, { method: 'POST', body: 'x', signal: controller.signal }));
      controller.abort(own);
      return failure(answer);
    },
    shows: { thrown: own },
  },
  {
    name: 'a call that is aborted when the server has it',
    run: async ({ fetch, id, until }) => {
      const controller = new AbortController();
      const answer = failure(fetch(`hang?id=${id}`, { signal: controller.signal }));
      await until(`arrived:${id}`);
      controller.abort(own);
      return answer;
    },
    shows: { thrown: own },
  },
  { name: 'a call that takes longer than AbortSignal.timeout', run: ({ fetch, id }) => failure(fetch(`hang?id=${id}`, { signal: AbortSignal.timeout(30) })), shows: { kind: 'DOMException', name: 'TimeoutError' } },
  {
    name: 'AbortSignal.any keeps the reason of the one that was aborted',
    run: ({ fetch, id }) => {
      const controller = new AbortController();
      const answer = fetch(`hang?id=${id}`, { signal: AbortSignal.any([AbortSignal.timeout(60_000), controller.signal]) });
      controller.abort(own);
      return failure(answer);
    },
    shows: { thrown: own },
  },
  {
    name: 'AbortSignal.any keeps the reason of a timeout',
    run: ({ fetch, id }) => failure(fetch(`hang?id=${id}`, { signal: AbortSignal.any([new AbortController().signal, AbortSignal.timeout(30)]) })),
    shows: { name: 'TimeoutError' },
  },
  { name: 'a signal in init goes before that of a Request', run: ({ fetch, home }) => echoed(fetch(new Request(`${home}/echo`, { signal: AbortSignal.abort() }), { signal: new AbortController().signal })), shows: { method: 'GET' } },
  { name: 'a signal that is null in init takes that of a Request off', run: ({ fetch, home }) => echoed(fetch(new Request(`${home}/echo`, { signal: AbortSignal.abort() }), { signal: null })), shows: { method: 'GET' } },
  {
    name: 'a body that is aborted while it is read',
    run: async ({ fetch, id }) => {
      const controller = new AbortController();
      const response = await fetch(`trickle?id=${id}`, { signal: controller.signal });
      const reader = response.body?.getReader();
      const first = new TextDecoder().decode((await reader?.read())?.value);
      controller.abort(own);
      return { first, then: await failure(reader?.read() ?? Promise.resolve()) };
    },
    shows: { first: 'one ', then: { thrown: own } },
  },
  {
    name: 'a signal that is aborted when all is done changes nothing',
    run: async ({ fetch }) => {
      const controller = new AbortController();
      const response = await fetch('echo', { signal: controller.signal });
      const body: unknown = await response.json();
      controller.abort();
      return body;
    },
    shows: { method: 'GET' },
  },
  {
    name: 'a stream is cancelled when its call is aborted at once',
    run: ({ fetch }) => cancelled((init) => fetch('upload', init)),
    shows: { thrown: own },
  },
  {
    name: 'the stream of a Request is cancelled when its call is aborted at once',
    run: ({ fetch, home }) => cancelled((init) => fetch(new Request(`${home}/upload`, init))),
    shows: { thrown: own },
  },
  {
    name: 'a stream is cancelled when its call is aborted with a part of it sent',
    run: ({ fetch, id, until }) => cancelled((init) => fetch(`upload?id=${id}`, init), () => until(`piece:${id}`)),
    shows: { thrown: own },
    ways: WITHOUT_REPLAY,
  },
  {
    name: 'the stream of a Request is cancelled when its call is aborted with a part of it sent',
    run: ({ fetch, home, id, until }) => cancelled((init) => fetch(new Request(`${home}/upload?id=${id}`, init)), () => until(`piece:${id}`)),
    shows: { thrown: own },
    ways: WITHOUT_REPLAY,
  },
];

/** Aborts the sending of a stream that does not end by itself; it comes out when the stream was cancelled, too (a copy may be told why in another form). */
async function cancelled(send: (init: RequestInit) => Promise<unknown>, arrived?: () => Promise<void>): Promise<unknown> {
  const controller = new AbortController();
  let hear: () => void = () => undefined;
  const heard = new Promise<void>((resolve) => (hear = resolve));
  const body = new ReadableStream({ start: (to) => to.enqueue(new TextEncoder().encode('first')), cancel: () => hear() });
  const answer = failure(send({ method: 'POST', body, duplex: 'half', signal: controller.signal } as RequestInit));
  await arrived?.();
  controller.abort(own);
  await heard;
  return answer;
}

function aborted(name: string, abort: (controller: AbortController) => void, shows: unknown = { name: 'AbortError' }): Case {
  return {
    name,
    run: ({ fetch, id }) => {
      const controller = new AbortController();
      const answer = fetch(`hang?id=${id}`, { signal: controller.signal });
      abort(controller);
      return failure(answer);
    },
    shows,
  };
}
