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
 * Prepares what a caller passed for two sends, so that nothing the caller does to it later counts.
 *
 * A `Request` is used up at once, as `fetch` does it; it keeps what an init of ours would make it forget (its referrer).
 */
export function prepareSends(input: string | Request, init: RequestInit | undefined): Sends {
  if (typeof input === 'object' || !isPlain(init)) return sendsOf(new Request(input, init));
  const first = { input, init: { ...init } };
  const { body } = first.init;
  if (body === undefined || body === null) return { first, replay: first };
  if (body instanceof ReadableStream) return { first, replay: null };
  const copy = copyOf(body);
  return copy === null ? sendsOf(new Request(input, init)) : { first, replay: { input, init: { ...init, body: copy } } };
}

function sendsOf(request: Request): Sends {
  return { first: { input: request, init: undefined }, replay: { input: request.clone(), init: undefined } };
}

/** Whether a copy has all its members: those of a class, or of a `Request` in its place, are not its own. */
function isPlain(init: RequestInit | undefined): boolean {
  if (typeof init !== 'object' || init === null) return init === undefined || init === null;
  const prototype: unknown = Object.getPrototypeOf(init);
  return prototype === Object.prototype || prototype === null;
}

/** `null` for what only the platform knows how to read. */
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
