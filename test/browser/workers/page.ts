// The page of the tests: calls the API itself and through both workers.
import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { auth } from './auth.ts';
import { outcomeOf, type Outcome } from './outcome.ts';

type Place = 'page' | 'worker' | 'sharedWorker';

/** Returns a function that asks a worker for the outcome of a call. */
function asking(port: Pick<MessagePort, 'postMessage'>, listen: (onMessage: (event: MessageEvent<{ id: number; outcome: Outcome }>) => void) => void) {
  const waiting = new Map<number, (outcome: Outcome) => void>();
  let count = 0;
  listen(({ data: { id, outcome } }) => waiting.get(id)?.(outcome));
  return (path: string) =>
    new Promise<Outcome>((resolve) => {
      waiting.set(++count, resolve);
      port.postMessage({ id: count, path });
    });
}

const worker = new Worker('/worker.js', { type: 'module' });
const { port } = new SharedWorker('/shared-worker.js', { type: 'module' });

const call: Record<Place, (path: string) => Promise<Outcome>> = {
  page: outcomeOf,
  worker: asking(worker, (onMessage) => (worker.onmessage = onMessage)),
  sharedWorker: asking(port, (onMessage) => (port.onmessage = onMessage)),
};

const harness = {
  signIn: () => auth.signIn(createBotTokens(bonfire({ baseUrl: '/v1', appKey: 'app-key' }), ['ember'])).then(() => undefined),
  signOut: () => auth.signOut(),
  /** Calls the API from each place at the same time. */
  callFrom: (places: readonly Place[], count: number) => Promise.all(places.map((place) => Promise.all(Array.from({ length: count }, () => call[place]('/users/me'))))),
  /** Waits until each place knows of the session. */
  whenSignedIn: (places: readonly Place[]) => Promise.all(places.map((place) => call[place]('signed in'))),
};

export type Harness = typeof harness;
Object.assign(globalThis, { harness });
