import { reasonOf } from '../core/platform/abort-reason.ts';
import { untilAborted } from '../core/request/replayable-body.ts';

/** A body up to this size is read before it is sent, so that it can be sent twice, bytes. */
const REPLAY_BYTES = 64 * 1024;

/** The body of a request is longer than it may be. */
export class BodyTooLarge extends Error {}

/** The browser stopped in the middle of the body. */
export class BodyIncomplete extends Error {}

/** The body of a proxied request. */
export interface ProxyBody {
  /** All of a small body, the stream of a larger one; `null` if it is empty. */
  readonly content: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null;
  /** Why the body could not be read to its end; `null` so far. */
  readonly failure: () => Error | null;
  /** Stops reading. */
  readonly cancel: () => void;
}

/** The limits of a body. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** What `Content-Length` says, bytes; `null` if there is none. */
  readonly length: number | null;
  /** Ends a read. */
  readonly signal: AbortSignal;
  /** Is called for each part, and at the end. */
  readonly onPart: (isEnd: boolean) => void;
}

/** The state of one body that is being read. */
interface Reading {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly limits: BodyLimits;
  bytes: number;
  failure: Error | null;
}

/**
 * Reads a small body whole, and the beginning of a larger one.
 *
 * @throws BodyTooLarge, BodyIncomplete, or the reason of the signal
 */
export async function readBody(body: ReadableStream<Uint8Array> | null, limits: BodyLimits): Promise<ProxyBody> {
  if (!body) {
    limits.onPart(true);
    return { content: null, failure: () => null, cancel: () => undefined };
  }
  const reading: Reading = { reader: body.getReader(), limits, bytes: 0, failure: null };
  const cancel = () => {
    reading.failure ??= new BodyIncomplete(); // A reader that was cancelled reads an end, which must not complete the request.
    void reading.reader.cancel().catch(() => undefined);
  };
  const read: Omit<ProxyBody, 'content'> = { failure: () => reading.failure, cancel };
  const first: Uint8Array[] = [];
  const isLarge = limits.length !== null && limits.length > REPLAY_BYTES;
  try {
    while (!isLarge && reading.bytes <= REPLAY_BYTES) {
      const part = await nextPart(reading);
      if (part === null) return { ...read, content: joined(first, reading.bytes) };
      first.push(part);
    }
  } catch (error) {
    cancel();
    throw error;
  }
  return { ...read, content: rest(first, reading, cancel) };
}

/** Returns the next part, or `null` at the end. */
async function nextPart(reading: Reading): Promise<Uint8Array | null> {
  const { limits: { maxBytes, length, signal, onPart }, reader } = reading;
  if (signal.aborted) throw reasonOf(signal);
  const { done, value } = await untilAborted(signal, reader.read()).catch((error: unknown) => {
    throw signal.aborted ? error : fail(reading, new BodyIncomplete());
  });
  if (reading.failure) throw reading.failure;
  reading.bytes += value?.length ?? 0;
  if (reading.bytes > maxBytes) throw fail(reading, new BodyTooLarge());
  // The API gets the same `Content-Length`, so a body of another length must not be completed.
  if (length !== null && (done ? reading.bytes !== length : reading.bytes > length)) throw fail(reading, new BodyIncomplete());
  onPart(done);
  return done ? null : value;
}

function fail(reading: Reading, failure: Error): Error {
  reading.failure = failure;
  return failure;
}

/** Returns the parts that were read, and then what follows. It reads no faster than the API does. */
function rest(first: Uint8Array[], reading: Reading, cancel: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = first.shift() ?? await nextPart(reading).catch((error: unknown) => {
        cancel();
        throw error;
      });
      if (part === null) controller.close();
      else controller.enqueue(part);
    },
    cancel,
  }, { highWaterMark: 0 });
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> | null {
  if (bytes === 0) return null;
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
