/** Where a refresh is held: before the server processes it, or when only its answer is missing. */
export type GatePlace = 'before' | 'after';

/** Holds one refresh at the server. */
export interface Gate {
  readonly place: GatePlace;
  /** Resolves when the refresh stands at the gate. */
  readonly reached: Promise<void>;
  /** Resolves when the refresh that was held is answered, or lost. */
  readonly passed: Promise<void>;
  readonly open: () => void;
}

/** A gate, from the side of the server. */
export interface GateKeeper extends Gate {
  /** Waits at the gate. */
  readonly stand: () => Promise<void>;
  readonly leave: () => void;
}

/** Makes a gate. */
export function createGate(place: GatePlace): GateKeeper {
  let reach: () => void = () => undefined;
  let open: () => void = () => undefined;
  let leave: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const opened = new Promise<void>((resolve) => (open = resolve));
  const passed = new Promise<void>((resolve) => (leave = resolve));
  return {
    place,
    reached,
    passed,
    open,
    leave,
    stand: () => {
      reach();
      return opened;
    },
  };
}
