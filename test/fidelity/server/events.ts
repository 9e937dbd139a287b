/** What the page and the server tell each other, each thing once. */
export interface Events {
  readonly tell: (name: string) => void;
  /** Resolves when it is told, or at once if it has been. */
  readonly until: (name: string) => Promise<void>;
}

/** Makes a board of events. */
export function createEvents(): Events {
  const told = new Map<string, PromiseWithResolvers>();
  const of = (name: string) => {
    const event = told.get(name) ?? withResolvers();
    told.set(name, event);
    return event;
  };
  return { tell: (name) => of(name).resolve(), until: (name) => of(name).promise };
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
