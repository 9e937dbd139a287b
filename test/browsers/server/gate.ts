/** Where a refresh is held: before the server processes it, or before its answer is sent. */
export type GatePlace = 'before' | 'after';

/** Holds one refresh at the server. */
export interface Gate {
  readonly place: GatePlace;
  /** Resolves when the refresh has reached the gate. */
  readonly reached: Promise<void>;
  /** Resolves when the held refresh is answered or lost. */
  readonly passed: Promise<void>;
  readonly open: () => void;
}

/** A gate as the server uses it. */
export interface ServerGate extends Gate {
  /** Waits until the gate opens. */
  readonly wait: () => Promise<void>;
  readonly leave: () => void;
}

/** Creates a gate. */
export function createGate(place: GatePlace): ServerGate {
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
    wait: () => {
      reach();
      return opened;
    },
  };
}
