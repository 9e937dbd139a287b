import type { ServerEvents } from 'unexpired/via-server';

type Listener = (event: { readonly data?: unknown }) => void;

/** Creates the `EventSource` of a simulated browser. Time decides when it connects again: it does so by itself 3 s after a stream has ended. */
export function createEventSource(send: (path: string) => Promise<Response>, setTimer: (callback: () => void, ms: number) => () => void): new (url: string) => ServerEvents {
  return class implements ServerEvents {
    readyState = 0;
    readonly #listeners = new Map<string, Listener>();
    readonly #path: string;
    #cancel: () => void = () => undefined;

    constructor(url: string) {
      this.#path = new URL(url).pathname;
      void this.#connect();
    }

    addEventListener(type: string, listener: Listener): void {
      this.#listeners.set(type, listener);
    }

    close(): void {
      this.readyState = 2;
      this.#cancel();
    }

    async #connect(): Promise<void> {
      const { status, body } = await send(this.#path);
      if (this.readyState === 2) return void body?.cancel();
      if (status !== 200 || !body) return this.#fail(2);
      this.readyState = 1;
      this.#listeners.get('open')?.({});
      const reader = body.getReader();
      this.#cancel = () => void reader.cancel();
      for (let text = ''; ;) {
        const { done, value } = await reader.read();
        if (this.isClosed()) return;
        if (done) return this.#fail(0);
        const events = (text + new TextDecoder().decode(value)).split('\n\n');
        text = events.pop() ?? '';
        for (const event of events) this.#dispatch(event);
      }
    }

    isClosed(): boolean {
      return this.readyState === 2;
    }

    #dispatch(event: string): void {
      const fields = new Map(event.split('\n').map((line) => line.split(/: ?(.*)/s) as [string, string]));
      const data = fields.get('data');
      if (data !== undefined) this.#listeners.get(fields.get('event') ?? 'message')?.({ data });
    }

    #fail(readyState: number): void {
      this.readyState = readyState;
      this.#listeners.get('error')?.({});
      if (!this.isClosed()) this.#cancel = setTimer(() => void this.#connect(), 3000);
    }
  };
}
