import type { Call } from '../request/send.ts';
import { AuthError } from '../model/auth-error.ts';
import type { ClientEvent, ClientMoment } from '../model/client-event.ts';
import { nameOf } from '../model/redact.ts';
import { notify } from './notify.ts';
import type { Platform, Release } from '../platform/platform.ts';

/** Those who watch a client; while there are none, nothing is done for them. */
export interface Observers {
  readonly on: (observer: (event: ClientEvent) => void) => Release;
  readonly tell: (moment: ClientMoment) => void;
  /** Begins to tell of a call; `null` while nobody watches. */
  readonly watchCall: (call: Call) => CallWatch | null;
}

/** Tells of one call; both hand on what they are given. */
export interface CallWatch {
  readonly attempt: (sent: Promise<Response>) => Promise<Response>;
  readonly whole: (answer: Promise<Response>) => Promise<Response>;
}

/** Creates the observers of one client. */
export function createObservers(platform: Platform): Observers {
  const observers = new Set<(event: ClientEvent) => void>();
  let calls = 0;

  function tell(moment: ClientMoment): void {
    if (observers.size === 0) return;
    notify(platform, observers, { ...moment, at: platform.now().wall });
  }

  function watchCall({ method, address }: Call): CallWatch | null {
    if (observers.size === 0) return null;
    const call = ++calls;
    let attempts = 0;
    const { origin, pathname } = new URL(address);
    tell({ type: 'callStarted', call, method, address: origin + pathname });
    return {
      attempt(sent) {
        const attempt = ++attempts;
        tell({ type: 'callSent', call, attempt });
        sent.then(({ status }) => tell({ type: 'callAnswered', call, attempt, status }), () => undefined);
        return sent;
      },
      whole(answer) {
        answer.then(
          ({ status }) => tell({ type: 'callSettled', call, status }),
          (error: unknown) => tell({ type: 'callFailed', call, error: AuthError.is(error) ? error.code : nameOf(error) }),
        );
        return answer;
      },
    };
  }

  return {
    on(observer) {
      observers.add(observer);
      return () => void observers.delete(observer);
    },
    tell,
    watchCall,
  };
}
