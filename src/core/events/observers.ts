import { AuthError } from '../model/auth-error.ts';
import type { ClientEvent, ClientMoment } from '../model/client-event.ts';
import { nameOf } from '../model/foreign-error.ts';
import type { Platform, Release } from '../platform/platform.ts';
import { notify } from './notify.ts';

/** The observers of one client. Until `observe` replaces the members, events cost nothing. */
export interface Observers {
  /** Adds an observer; `null` if there was none yet. */
  readonly on: ((observer: (event: ClientEvent) => void) => Release) | null;
  readonly emit: (moment: ClientMoment) => void;
  /** Starts to emit the events of one call; `null` while there are no observers. */
  readonly watchCall: (method: string, address: string) => CallWatch | null;
}

/** Emits the events of one call. Both functions return the promise they are given. */
export interface CallWatch {
  readonly sent: (response: Promise<Response>) => Promise<Response>;
  readonly whole: (response: Promise<Response>) => Promise<Response>;
}

/** The observers of a client that nothing has observed yet. */
export function noObservers(): Observers {
  return { on: null, emit: () => undefined, watchCall: () => null };
}

/** Creates the observers of one client. */
export function createObservers(platform: Platform) {
  const observers = new Set<(event: ClientEvent) => void>();
  let calls = 0;

  function emit(moment: ClientMoment): void {
    if (observers.size === 0) return;
    notify(platform, observers, { ...moment, at: platform.now().wall });
  }

  function watchCall(method: string, address: string): CallWatch | null {
    if (observers.size === 0) return null;
    const call = ++calls;
    let sends = 0;
    const { origin, pathname } = new URL(address);
    emit({ type: 'callStarted', call, method, address: origin + pathname });
    return {
      sent(response) {
        const send = ++sends;
        emit({ type: 'callSent', call, send });
        response.then(({ status }) => emit({ type: 'callAnswered', call, send, status }), () => undefined);
        return response;
      },
      whole(response) {
        response.then(
          ({ status }) => emit({ type: 'callSettled', call, status }),
          (error: unknown) => emit({ type: 'callFailed', call, error: AuthError.is(error) ? error.code : nameOf(error) }),
        );
        return response;
      },
    };
  }

  return {
    on(observer: (event: ClientEvent) => void): Release {
      observers.add(observer);
      return () => void observers.delete(observer);
    },
    emit,
    watchCall,
  };
}
