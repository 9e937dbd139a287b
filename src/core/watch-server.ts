import type { AuthClient } from './auth-client.ts';
import { inspectorOf, type ClientDoor } from './inspector.ts';
import { invalidSetting } from './model/auth-error.ts';
import { parseObject } from './model/json.ts';
import { MAX_DELAY_MS } from './model/refresh-policy.ts';
import { accessGenerationOf, isPresumed } from './model/storage-record.ts';
import type { Release } from './platform/platform.ts';

/** The longest wait before the next connection, and the first one, ms. */
const LONGEST_WAIT_MS = 60_000;
const FIRST_WAIT_MS = 2000;

/** `readyState` of an `EventSource` that does not connect again by itself. */
const CLOSED = 2;

/** The part of an `EventSource` that is used. */
export interface ServerEvents {
  readonly readyState: number;
  readonly addEventListener: (type: string, listener: (event: { readonly data?: unknown }) => void) => void;
  readonly close: () => void;
}

/** The options of `watchServer`. */
export interface WatchOptions {
  /** Creates the connection. Default: that of the browser. */
  readonly EventSource?: (new (url: string) => ServerEvents) | undefined;
}

/**
 * Keeps a connection to the server while a user is signed in, so that open pages follow within a second if the session ends there, or if
 * another user signs in.
 *
 * One tab of the browser has the connection, and the others follow it. If the browser has no Web Locks, each tab has its own. On a server
 * and on a platform without `EventSource` it does nothing.
 *
 * @param client a client whose protocol `viaServer` has made
 * @returns a function that ends it
 * @throws AuthError `invalid_config` with the field `client`
 * @see the HTML standard, section 9.2 (server-sent events)
 * @example
 * ```ts
 * import { createAuthClient } from 'unexpired/core';
 * import { viaServer, watchServer } from 'unexpired/via-server';
 * const auth = createAuthClient({ protocol: viaServer() });
 * const stop = watchServer(auth);
 * ```
 */
export function watchServer(client: AuthClient, { EventSource: Source = globalThis.EventSource }: WatchOptions = {}): Release {
  const { door } = inspectorOf(client);
  const { platform, protocol: { eventsPath }, origins, key, disposed, store } = door;
  if (!eventsPath) throw invalidSetting('client', client, 'client via a server');
  let leave: AbortController | null = null;
  const connect = (signal: AbortSignal) => connectAgain(door, signal, () => new Source(origins.resolveEndpoint(eventsPath)));

  function update(): void {
    const isWatched = store.getSessionId() !== null && !disposed.aborted;
    if (isWatched === (leave !== null)) return;
    leave?.abort();
    leave = null;
    if (!isWatched) return;
    const own = (leave = new AbortController());
    // The lock is held until the user is signed out, so that a tab which is closed leaves it to the next one.
    const lead = () => new Promise<void>((resolve) => {
      own.signal.addEventListener('abort', () => resolve());
      if (!own.signal.aborted) connect(own.signal);
    });
    const hold = platform.locks?.hold(`${key}:events`, MAX_DELAY_MS, lead, own.signal) ?? lead();
    hold.catch(() => {
      if (!own.signal.aborted) void lead(); // The browser refuses locks, for example in a sandboxed frame.
    });
  }

  if (!Source) return () => undefined;
  const release = client.subscribe(update);
  const stop = () => {
    release();
    disposed.removeEventListener('abort', stop);
    leave?.abort();
    leave = null;
  };
  disposed.addEventListener('abort', stop);
  update();
  return stop;
}

/** Connects until the signal aborts. A browser connects again by itself after a network error, but not after an error of the server. */
function connectAgain(door: ClientDoor, signal: AbortSignal, open: () => ServerEvents): void {
  const { platform } = door;
  let failures = 0;
  let cancel: Release = () => undefined;

  function connect(): void {
    const source = open();
    cancel = () => source.close();
    source.addEventListener('open', () => (failures = 0));
    source.addEventListener('session', ({ data }) => {
      const { status, session } = parseObject(`${data}`) ?? {};
      if (status === 'signedOut') connectLater(); // The server ends the connection. If the page is signed out, too, the signal aborts.
      if (status !== undefined) void compare(door, status === 'signedIn' ? session : null);
    });
    source.addEventListener('error', () => {
      if (source.readyState === CLOSED && !signal.aborted) connectLater();
    });
  }

  function connectLater(): void {
    cancel();
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures++);
    cancel = platform.setTimer(connect, waitMs * (0.5 + platform.random() / 2), true);
  }

  signal.addEventListener('abort', () => cancel());
  connect();
}

/**
 * Asks the server for the session, if it has another one than this browser.
 *
 * @param name the public name of the session at the server; `null` if there is none
 */
async function compare({ store, acquireToken }: ClientDoor, name: unknown): Promise<void> {
  const state = store.getState();
  if (state.status !== 'signedIn' || isPresumed(state.record.session)) return;
  const { session } = state.record;
  if (session.tokens.extra?.['session'] === name) return;
  // Its error is that of the next refresh, which the client shows.
  await acquireToken({ sessionId: session.sessionId, rejectedGeneration: accessGenerationOf(session), isByApp: true }).catch(() => undefined);
}
