import type { Release } from '../core/platform/platform.ts';
import { refusal } from './json-answer.ts';
import type { SessionClient } from './session-client.ts';
import type { SessionWatches } from './session-watches.ts';
import { snapshotOf } from './session.ts';

/** How many parts may wait for a browser that takes none. It is then taken for lost. */
const MOST_UNREAD = 16;

/** When an `EventSource` that is not closed asks again although there is no session, ms. */
const RETRY_MS = 3_600_000;

/**
 * Answers with the events of a session: one at once, one for each change, and the last one for its end.
 *
 * @see WHATWG HTML section 9.2 (Server-sent events)
 */
export function eventsAnswer(client: SessionClient, signal: AbortSignal | undefined, watches: SessionWatches): Response {
  if (watches.isFull(client.key)) return refusal(429, 'too_many_connections');
  let release: Release = () => undefined;
  const body = new ReadableStream<Uint8Array>(
    { start: (controller) => void (release = stream(client, controller, signal, watches)), cancel: () => release() },
    { highWaterMark: MOST_UNREAD },
  );
  // A server in between that compresses or buffers would hold the events back.
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' };
  return new Response(body, { headers });
}

function stream(client: SessionClient, controller: ReadableStreamDefaultController<Uint8Array>, signal: AbortSignal | undefined, watches: SessionWatches): Release {
  let sent = '';
  let isOver = false;
  let unwatch: Release = () => undefined;

  function release(): void {
    isOver = true;
    unwatch();
    signal?.removeEventListener('abort', end);
  }

  function end(): void {
    if (isOver) return;
    release();
    controller.close();
  }

  function send(text: string): void {
    if ((controller.desiredSize ?? 0) <= 0) end();
    else controller.enqueue(new TextEncoder().encode(text));
  }

  function onChange(): void {
    const snapshot = snapshotOf(client);
    // This instance cannot read the session any more, and the session goes on.
    if (snapshot.endReason === 'newer_version') return end();
    const isSignedOut = snapshot.status === 'signedOut';
    const text = JSON.stringify(snapshot);
    if (text !== sent) send(`${isSignedOut ? `retry: ${RETRY_MS}\n` : ''}event: session\ndata: ${text}\n\n`);
    sent = text;
    if (isSignedOut) end();
  }

  onChange();
  if (isOver) return release;
  unwatch = watches.watch(client, { onChange, onBeat: () => send(':\n\n'), onClose: end });
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();
  return release;
}
