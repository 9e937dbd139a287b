import type { Sender } from '../core/model/proofs.ts';

/** A request that may be sent several times, each time with another proof. */
export interface Asked {
  readonly url: string;
  readonly method: string;
  readonly authorization: string | null;
  /** Whether it can be sent only once, because its body is a stream. */
  readonly isOnce: boolean;
  /** Sends it with further headers. */
  readonly send: (sender: Sender, added?: Readonly<Record<string, string>>) => Promise<Response>;
  /** Releases a body that is not sent any more. */
  readonly release: () => void;
}

/** Reads the arguments of `fetch`. A `Request` is sent as copies, so its body stays. */
export function askedBy(input: Request | string | URL, init: RequestInit | undefined): Asked {
  if (typeof input === 'object' && 'url' in input) return askedByRequest(new Request(input, init));
  const { url, method, headers } = new Request(input, { method: init?.method ?? 'GET', headers: init?.headers ?? {} });
  return {
    url,
    method,
    authorization: headers.get('authorization'),
    isOnce: typeof Object(init?.body).getReader === 'function',
    send(sender, added = {}) {
      const sent = new Headers(headers);
      for (const [name, value] of Object.entries(added)) sent.set(name, value);
      return sender.fetch(input, { ...init, headers: sent });
    },
    release: () => undefined,
  };
}

function askedByRequest(request: Request): Asked {
  return {
    url: request.url,
    method: request.method,
    authorization: request.headers.get('authorization'),
    isOnce: false,
    send(sender, added) {
      const copy = request.clone();
      for (const [name, value] of Object.entries(added ?? {})) copy.headers.set(name, value);
      return sender.fetch(copy);
    },
    release: () => void request.body?.cancel().catch(() => undefined),
  };
}
