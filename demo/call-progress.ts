import { observe, type AuthClient, type ClientEvent } from 'unexpired';
import { createStore, type Store } from './store.ts';

/** How far one call is. */
export type CallStage = 'unsent' | 'sent' | 'rejected' | 'replayed' | 'answered' | 'failed';

/** Follows many calls at once. */
export interface CallProgress extends Pick<Store<readonly CallStage[]>, 'get' | 'subscribe'> {
  /** Makes calls, follows them until all have settled, and counts the answers with 2xx and the replays. */
  readonly follow: (makeCalls: () => readonly Promise<Response>[]) => Promise<{ readonly answered: number; readonly replayed: number }>;
}

/** Creates the progress of no calls; changes are published once a frame. */
export function createCallProgress(auth: AuthClient): CallProgress {
  const { get, set, subscribe } = createStore<readonly CallStage[]>([]);
  let stages: readonly CallStage[] = [];
  let frame = 0;

  function update(next: readonly CallStage[]): void {
    stages = next;
    if (frame === 0) frame = requestAnimationFrame(publish);
  }

  function publish(): void {
    frame = 0;
    set(stages);
  }

  const follow: CallProgress['follow'] = async (makeCalls) => {
    const places = new Map<number, number>();
    const replayed = new Set<number>();
    let isMaking = true;
    update([]);
    const stop = observe(auth, (event) => {
      // The page makes other calls, too. Those to follow start while they are being made.
      if (event.type === 'callStarted' && isMaking) places.set(event.call, places.size);
      const place = 'call' in event ? places.get(event.call) : undefined;
      const stage = stageAfter(event);
      if (place === undefined || stage === null) return;
      if (stage === 'replayed') replayed.add(place);
      update(stages.toSpliced(place, 1, stage));
    });
    const calls = makeCalls();
    isMaking = false;
    const settled = await Promise.allSettled(calls.map((call) => call.then(({ ok }) => ok)));
    stop();
    return { answered: settled.filter((result) => result.status === 'fulfilled' && result.value).length, replayed: replayed.size };
  };

  return { get, subscribe, follow };
}

function stageAfter(event: ClientEvent): CallStage | null {
  switch (event.type) {
    case 'callStarted':
      return 'unsent';
    case 'callSent':
      return event.send === 1 ? 'sent' : 'replayed';
    case 'callAnswered':
      return event.send === 1 && event.status === 401 ? 'rejected' : null;
    case 'callSettled':
      return event.status < 400 ? 'answered' : 'failed';
    case 'callFailed':
      return 'failed';
    default:
      return null;
  }
}
