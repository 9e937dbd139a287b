/** Arguments of `fetch` that can be sent, and sent again. */
export interface Sendable {
  readonly input: string | Request;
  readonly init: RequestInit | undefined;
}

/** The two sends of a call: the second one is `null` when the body can be read only once. */
export interface Sends {
  readonly first: Sendable;
  readonly replay: Sendable | null;
}

/**
 * Prepares what a caller passed for two sends.
 *
 * A `Request` is cloned before its body is read; a body that the caller could change meanwhile is copied.
 */
export function prepareSends(input: string | Request, init: RequestInit | undefined): Sends {
  const first = { input, init };
  const body = init?.body;
  if (body === undefined || body === null) {
    const replayInput = typeof input === 'string' || input.body === null || input.bodyUsed ? input : input.clone();
    return { first, replay: { input: replayInput, init } };
  }
  if (body instanceof ReadableStream) return { first, replay: null };
  return { first, replay: { input, init: { ...init, body: copyOf(body) } } };
}

function copyOf(body: Exclude<BodyInit, ReadableStream>): BodyInit {
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  if (body instanceof FormData) return copyForm(body);
  if (body instanceof ArrayBuffer) return body.slice(0);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  return body;
}

function copyForm(form: FormData): FormData {
  const copy = new FormData();
  for (const [name, value] of form) copy.append(name, value);
  return copy;
}
