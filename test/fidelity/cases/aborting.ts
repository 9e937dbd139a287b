import { echoed, failure, type Case } from '../page/case.ts';
import { REPLAYS, WITHOUT_REPLAY } from '../ways.ts';

const own = { own: 'reason' };

/** Calls whose signal is aborted. */
export const ABORTING: readonly Case[] = [
  { name: 'when the signal is already aborted', run: ({ fetch }) => failure(fetch('echo', { signal: AbortSignal.abort() })), shows: { kind: 'DOMException', name: 'AbortError' } },
  { name: 'when the signal is already aborted with a reason', run: ({ fetch }) => failure(fetch('echo', { signal: AbortSignal.abort(own) })), shows: { thrown: own } },
  { name: 'when the signal of a Request is already aborted', run: ({ fetch, home }) => failure(fetch(new Request(`${home}/echo`, { signal: AbortSignal.abort(own) }))), shows: { thrown: own } },
  {
    name: 'when the signal is aborted with an object as the reason',
    run: async ({ fetch }) => {
      const reason = new RangeError('mine');
      const caught: unknown = await fetch('echo', { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error);
      return caught === reason;
    },
    shows: true,
  },
  aborted('when a call is aborted at once', (controller) => controller.abort()),
  aborted('when a call is aborted at once with a reason', (controller) => controller.abort(own), { thrown: own }),
  {
    name: 'when the call of a Request is aborted at once',
    run: ({ fetch, home, id }) => {
      const controller = new AbortController();
      const answer = fetch(new Request(`${home}/hang?id=${id}`, { method: 'POST', body: 'x', signal: controller.signal }));
      controller.abort(own);
      return failure(answer);
    },
    shows: { thrown: own },
  },
  {
    name: 'when a call is aborted after the server has received it',
    run: async ({ fetch, id, until }) => {
      const controller = new AbortController();
      const answer = failure(fetch(`hang?id=${id}`, { signal: controller.signal }));
      await until(`arrived:${id}`);
      controller.abort(own);
      return answer;
    },
    shows: { thrown: own },
  },
  {
    name: 'when a call is aborted during the body of a rejection',
    run: async ({ fetch, id, reached }) => {
      const controller = new AbortController();
      const answer = failure(fetch(`half?id=${id}`, { signal: controller.signal }));
      await reached('rejection');
      controller.abort(own);
      return answer;
    },
    shows: { thrown: own },
    ways: REPLAYS,
  },
  {
    name: 'when the call of a Request is aborted during the body of a rejection',
    run: async ({ fetch, home, id, reached }) => {
      const controller = new AbortController();
      const answer = failure(fetch(new Request(`${home}/half?id=${id}`, { method: 'POST', body: 'x', signal: controller.signal })));
      await reached('rejection');
      controller.abort(own);
      return answer;
    },
    shows: { thrown: own },
    ways: REPLAYS,
  },
  {
    name: 'when a call is aborted while it waits for a refresh after a rejection',
    run: async ({ fetch, id, reached }) => {
      const controller = new AbortController();
      const answer = failure(fetch(`hang?id=${id}`, { signal: controller.signal }));
      await reached('refresh');
      controller.abort(own);
      return answer;
    },
    shows: { thrown: own },
    ways: REPLAYS,
  },
  {
    name: 'when the signal is already aborted, in the same microtask',
    run: async ({ fetch, home }) => {
      const signal = AbortSignal.abort(own);
      const seen: boolean[] = [];
      const inputs: Parameters<typeof fetch>[] = [['echo', { signal }], ['echo', { signal, method: 'POST', body: 'x' }], [new Request(`${home}/echo`, { signal })]];
      for (const input of inputs) {
        let settled = false;
        fetch(...input).catch(() => (settled = true));
        await null;
        seen.push(settled);
      }
      return seen;
    },
    shows: [true, true, true],
  },
  {
    name: 'when a call is aborted, in the same microtask',
    run: async ({ fetch, id, until }) => {
      const controller = new AbortController();
      let settled = false;
      fetch(`hang?id=${id}`, { signal: controller.signal }).catch(() => (settled = true));
      await until(`arrived:${id}`);
      controller.abort(own);
      await null;
      return settled;
    },
    shows: true,
  },
  { name: 'when a call takes longer than AbortSignal.timeout', run: ({ fetch, id }) => failure(fetch(`hang?id=${id}`, { signal: AbortSignal.timeout(30) })), shows: { kind: 'DOMException', name: 'TimeoutError' } },
  {
    name: 'when AbortSignal.any is aborted by one of its signals',
    run: ({ fetch, id }) => {
      const controller = new AbortController();
      const answer = fetch(`hang?id=${id}`, { signal: AbortSignal.any([AbortSignal.timeout(60_000), controller.signal]) });
      controller.abort(own);
      return failure(answer);
    },
    shows: { thrown: own },
  },
  {
    name: 'when AbortSignal.any is aborted by a timeout',
    run: ({ fetch, id }) => failure(fetch(`hang?id=${id}`, { signal: AbortSignal.any([new AbortController().signal, AbortSignal.timeout(30)]) })),
    shows: { name: 'TimeoutError' },
  },
  { name: 'when init has another signal than the Request', run: ({ fetch, home }) => echoed(fetch(new Request(`${home}/echo`, { signal: AbortSignal.abort() }), { signal: new AbortController().signal })), shows: { method: 'GET' } },
  { name: 'when init has null in place of the signal of a Request', run: ({ fetch, home }) => echoed(fetch(new Request(`${home}/echo`, { signal: AbortSignal.abort() }), { signal: null })), shows: { method: 'GET' } },
  {
    name: 'when a call is aborted while its body is read',
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
    name: 'when the signal is aborted after the body was read',
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
    name: 'when a call with a stream is aborted at once',
    run: ({ fetch }) => cancelled((init) => fetch('upload', init)),
    shows: { thrown: own },
  },
  {
    name: 'when the call of a Request with a stream is aborted at once',
    run: ({ fetch, home }) => cancelled((init) => fetch(new Request(`${home}/upload`, init))),
    shows: { thrown: own },
  },
  {
    name: 'when a call with a stream is aborted after a part was sent',
    run: ({ fetch, id, until }) => cancelled((init) => fetch(`upload?id=${id}`, init), () => until(`piece:${id}`)),
    shows: { thrown: own },
    ways: WITHOUT_REPLAY,
  },
  {
    name: 'when the call of a Request with a stream is aborted after a part was sent',
    run: ({ fetch, home, id, until }) => cancelled((init) => fetch(new Request(`${home}/upload?id=${id}`, init)), () => until(`piece:${id}`)),
    shows: { thrown: own },
    ways: WITHOUT_REPLAY,
  },
];

/** Aborts the sending of a stream that does not end by itself. Resolves after the stream was cancelled as well. The reason may differ, because a copy of the stream may get another reason. */
async function cancelled(send: (init: RequestInit) => Promise<unknown>, arrived?: () => Promise<void>): Promise<unknown> {
  const controller = new AbortController();
  let reportCancel: () => void = () => undefined;
  const wasCancelled = new Promise<void>((resolve) => (reportCancel = resolve));
  const body = new ReadableStream({ start: (to) => to.enqueue(new TextEncoder().encode('first')), cancel: () => reportCancel() });
  const answer = failure(send({ method: 'POST', body, duplex: 'half', signal: controller.signal } as RequestInit));
  await arrived?.();
  controller.abort(own);
  await wasCancelled;
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
