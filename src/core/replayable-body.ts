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
  const copy = copyOf(body);
  return { first, replay: copy === null ? null : { input, init: { ...init, body: copy } } };
}

/** `null` for what can be read only once: a stream, or anything else that is not known to be kept. */
function copyOf(body: BodyInit): BodyInit | null {
  if (typeof body === 'string' || body instanceof Blob) return body;
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  if (body instanceof FormData) return copyForm(body);
  if (body instanceof ArrayBuffer) return body.slice(0);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  return null;
}

function copyForm(form: FormData): FormData {
  const copy = new FormData();
  for (const [name, value] of form) copy.append(name, value);
  return copy;
}
