/** Events between the page and the server, each of which happens once. */
export interface Events {
  readonly emit: (name: string) => void;
  /** Resolves when the event is emitted, or at once if it has been. */
  readonly until: (name: string) => Promise<void>;
}

/** Creates the events. */
export function createEvents(): Events {
  const emitted = new Map<string, PromiseWithResolvers>();
  const of = (name: string) => {
    const event = emitted.get(name) ?? withResolvers();
    emitted.set(name, event);
    return event;
  };
  return { emit: (name) => of(name).resolve(), until: (name) => of(name).promise };
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function withResolvers(): PromiseWithResolvers {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
