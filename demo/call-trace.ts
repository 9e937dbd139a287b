import { observe, type AuthClient, type ClientEvent } from 'unexpired';
import { createStore, type Store } from './store.ts';

/** A request that a call has led to. */
export interface TraceStep {
  readonly kind: 'call' | 'refresh' | 'replay';
  /** Empty until it is answered. */
  readonly result: string;
  readonly state: 'pending' | 'good' | 'rejected' | 'failed';
}

/** Follows one call through its rejection, its refresh and its replay. */
export interface CallTrace extends Pick<Store<readonly TraceStep[]>, 'get' | 'subscribe'> {
  /** Makes a call and follows it; resolves to whether it got a 2xx. */
  readonly follow: (makeCall: () => Promise<Response>) => Promise<boolean>;
}

/** Creates the trace of no call. */
export function createCallTrace(auth: AuthClient): CallTrace {
  const { get, set, subscribe } = createStore<readonly TraceStep[]>([]);

  async function follow(makeCall: () => Promise<Response>): Promise<boolean> {
    let id: number | null = null;
    set([]);
    const stop = observe(auth, (event) => {
      if (event.type === 'callStarted') id ??= event.call;
      if (!('call' in event) || event.call === id) set(stepsAfter(get(), event));
    });
    return makeCall().then(({ ok }) => ok, () => false).finally(stop);
  }

  return { get, subscribe, follow };
}

/** The steps after an event: a new step begins, or the pending step is answered. */
function stepsAfter(steps: readonly TraceStep[], event: ClientEvent): readonly TraceStep[] {
  const begun = (kind: TraceStep['kind'], result = '', state: TraceStep['state'] = 'pending') => [...steps, { kind, result, state }];
  const answered = (isRefresh: boolean, result: string, state: TraceStep['state']) =>
    steps.map((step) => (step.state === 'pending' && (step.kind === 'refresh') === isRefresh ? { ...step, result, state } : step));
  switch (event.type) {
    case 'callSent':
      return begun(event.send === 1 ? 'call' : 'replay');
    case 'callAnswered':
      return answered(false, String(event.status), event.status < 400 ? 'good' : event.status === 401 ? 'rejected' : 'failed');
    case 'callFailed':
      return steps.at(-1)?.state === 'pending' ? answered(false, event.error, 'failed') : begun('replay', `not sent: ${event.error}`, 'failed');
    case 'refreshSent':
      return begun('refresh');
    case 'refreshAnswered':
      return answered(true, event.outcome === 'granted' ? 'new token' : 'failed', event.outcome === 'granted' ? 'good' : 'failed');
    default:
      return steps;
  }
}
