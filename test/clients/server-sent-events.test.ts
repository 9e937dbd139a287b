import { describe, expect, it } from 'vitest';
import { serverSentEvents } from './recipes/server-sent-events.ts';
import { codeOf, rejection } from './support/rejection.ts';
import { startService, type Service } from './support/service.ts';

const PATH = '/v1/posts/stream';

/** Listens until `stop` is called, and collects the texts that arrive. */
function listen({ auth, baseUrl }: Service) {
  const controller = new AbortController();
  const texts: string[] = [];
  const listening = (async () => {
    for await (const { data } of serverSentEvents(auth, `${baseUrl}/posts/stream`, controller.signal, 0)) {
      texts.push((JSON.parse(data) as { attributes: { text: string } }).attributes.text);
    }
  })();
  return { texts, listening, stop: () => controller.abort() };
}

const post = ({ auth }: Service, text: string) => auth.fetch('/users/me/posts', { method: 'POST', body: new URLSearchParams({ text }) });

function inPieces(pieces: readonly string[]): ReadableStream<Uint8Array> {
  return new ReadableStream<string>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  }).pipeThrough(new TextEncoderStream());
}

describe('Server-Sent Events', () => {
  it('arrive with a new token when the old one was revoked', async () => {
    const service = await startService();
    await post(service, 'hello');
    service.api.revokeAccessTokens();
    const { texts, listening, stop } = listen(service);
    await expect.poll(() => texts).toEqual(['hello']);
    await post(service, 'you');
    await expect.poll(() => texts).toEqual(['hello', 'you']);
    expect(service.arrivals(PATH)).toMatchObject([{ status: 401 }, { status: 200 }]);
    expect(service.api.counts.refreshes).toBe(1);
    stop();
    await listening;
  });

  it('continue with a new token when the connection breaks and the old one was revoked', async () => {
    const service = await startService();
    await post(service, 'hello');
    const { texts, listening, stop } = listen(service);
    await expect.poll(() => texts).toEqual(['hello']);
    service.api.revokeAccessTokens();
    service.server.closeAllConnections();
    await expect.poll(() => texts).toEqual(['hello', 'hello']);
    expect(service.arrivals(PATH)).toMatchObject([{ status: 'aborted' }, { status: 401 }, { status: 200 }]);
    expect(service.api.counts.refreshes).toBe(1);
    stop();
    await listening;
  });

  it('end at the server when the listener aborts', async () => {
    const service = await startService();
    const { listening, stop } = listen(service);
    await expect.poll(() => service.api.counts.openStreams).toBe(1);
    stop();
    await listening;
    await expect.poll(() => service.api.counts.openStreams).toBe(0);
  });

  it('end at the server when the listener leaves its loop', async () => {
    const service = await startService();
    await post(service, 'hello');
    for await (const { type, id } of serverSentEvents(service.auth, `${service.baseUrl}/posts/stream`, new AbortController().signal)) {
      expect([type, id]).toEqual(['post', '1']);
      break;
    }
    await expect.poll(() => service.api.counts.openStreams).toBe(0);
  });

  it('fail with session_ended when the session has ended, and with the status when the stream does not exist', async () => {
    const service = await startService();
    const { signal } = new AbortController();
    expect(await rejection(serverSentEvents(service.auth, `${service.baseUrl}/nowhere`, signal).next())).toMatchObject({ message: 'HTTP 404' });
    service.api.endSession({}, 451);
    expect(codeOf(await rejection(serverSentEvents(service.auth, `${service.baseUrl}/posts/stream`, signal).next()))).toBe('session_ended');
  });

  it('are parsed in every notation and however they are split, and resume after the last id', async () => {
    const lastIds: (string | null)[] = [];
    const answers = [['event: a\r\nid: 7\r\ndata: x: 1\r\n\r', '\n:ping\n\n', 'data:y\u2028\nda', 'ta: z\n\n', 'data: cut off'], ['data: last\n\n']];
    const fetch: typeof globalThis.fetch = async (_, init) => {
      lastIds.push(new Headers(init?.headers).get('last-event-id'));
      return new Response(inPieces(answers.shift() ?? []));
    };
    const { auth, baseUrl } = await startService();
    const events = [];
    for await (const event of serverSentEvents({ ...auth, fetch }, baseUrl, new AbortController().signal, 0)) {
      events.push(event);
      if (event.data === 'last') break;
    }
    expect(events).toEqual([
      { type: 'a', id: '7', data: 'x: 1' },
      { type: 'message', id: undefined, data: 'y\u2028\nz' },
      { type: 'message', id: undefined, data: 'last' },
    ]);
    expect(lastIds).toEqual([null, '7']);
  });
});
