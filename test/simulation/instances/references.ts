/** The weak references of a world. They hold strongly, so that the garbage collector decides nothing and a world repeats exactly. */
export interface References {
  /** Drops the sessions that instances hold weakly, as the garbage collector may at any time while they are idle. */
  readonly collect: () => void;
}

/** Whether a target is a session of an instance. The platform's own references must last. */
const isSession = (target: object) => 'whenQuiet' in target;

/** Runs a world in which `WeakRef` is under its control. */
export async function withReferences<T>(run: (references: References) => Promise<T>): Promise<T> {
  const original = globalThis.WeakRef;
  const held = new Set<{ target: object | undefined }>();

  class StrongReference {
    readonly entry: { target: object | undefined };

    constructor(target: object) {
      this.entry = { target };
      if (isSession(target)) held.add(this.entry);
    }

    deref() {
      return this.entry.target;
    }
  }

  globalThis.WeakRef = StrongReference as unknown as typeof WeakRef;
  try {
    return await run({
      collect() {
        for (const entry of held) entry.target = undefined;
        held.clear();
      },
    });
  } finally {
    globalThis.WeakRef = original;
  }
}
