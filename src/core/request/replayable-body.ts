/** Arguments of `fetch` that can be sent, and sent again: an address and our copy of an init, or a `Request` of our own without any. */
export type Sendable = readonly [input: string | Request, init?: RequestInit];

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
  // A copy of an init has all its members unless they are those of a class, or of a Request in its place.
  if (typeof input === 'string' && (!init || Object.getPrototypeOf(init) === Object.prototype)) {
    const first: Sendable = [input, { ...init }];
    const body = init?.body ?? null;
    if (body instanceof ReadableStream) return { first, replay: null };
    if (body === null || typeof body === 'string') return { first, replay: first };
  }
  const request = new Request(input, init);
  return { first: [request], replay: [request.clone()] };
}

/** What has the members of a call: our init, or the request. */
export function membersOf([input, init]: Sendable): RequestInit | Request {
  return init ?? (input as Request);
}

/** The answer to a call; a stream that will not be sent (any more) is cancelled, as `fetch` does it. */
export function released({ first, replay }: Sends, answer: Promise<Response>): Promise<Response> {
  if (first === replay) return answer; // A text, or nothing: there is no stream.
  const fail = (error: unknown) => {
    release(first, error);
    throw error;
  };
  return answer.catch(fail).finally(() => replay && release(replay));
}

/** Fails, and does nothing, where the body is locked: it has been sent, and is the platform's own. */
function release(sendable: Sendable, reason?: unknown): void {
  const { body } = membersOf(sendable);
  if (body instanceof ReadableStream) void body.cancel(reason).catch(() => undefined);
}
