import { AuthError, type AuthClient } from 'unexpired/core';

/** Yields the events of a stream. If the connection breaks, it is opened again with the current token. */
export async function* serverSentEvents(auth: AuthClient, url: string, signal: AbortSignal, pauseMs = 1000) {
  for (let lastId = ''; ; await new Promise((resolve) => setTimeout(resolve, pauseMs))) {
    try {
      const headers = { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) };
      const response = await auth.fetch(url, { headers, signal });
      if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
      for await (const event of eventsIn(response.body)) {
        lastId = event.id ?? lastId;
        yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof TypeError || (AuthError.is(error) && error.transient))) throw error;
    }
  }
}

async function* eventsIn(body: ReadableStream<BufferSource>) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let text = '', part = await reader.read(); !part.done; part = await reader.read()) {
      const blocks = (text + part.value).split(/\r?\n\r?\n/);
      text = blocks.pop() ?? '';
      yield* blocks.map(eventOf).filter(({ data }) => data !== '');
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function eventOf(block: string) {
  const fields = block.split(/\r?\n/).map((line) => line.split(/: ?(.*)/s));
  const valuesOf = (name: string) => fields.filter(([field]) => field === name).map(([, value = '']) => value);
  return { type: valuesOf('event').at(-1) ?? 'message', id: valuesOf('id').at(-1), data: valuesOf('data').join('\n') };
}
