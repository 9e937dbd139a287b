import type { TextArea } from 'unexpired/core';
import type { SimulatedTime } from './time.ts';

interface Write {
  readonly text: string | null;
  /** Counts the writes to the area: of two writes to a key, the later one stays. */
  readonly order: number;
}

/** The `localStorage` of an origin. A tab sees its own writes at once, and those of other tabs some ms later. */
export interface SharedArea {
  readonly openView: () => TextArea;
  /** The texts that are stored now, by key. */
  readonly texts: () => ReadonlyMap<string, string>;
  readonly clear: () => void;
  /** Called after each change of the stored texts. */
  onChange: () => void;
}

export function createSharedArea(time: SimulatedTime, delayMs: () => number): SharedArea {
  const stored = new Map<string, Write>();
  const views = new Set<Map<string, Write>>();
  let writes = 0;

  function show(view: Map<string, Write>, key: string, write: Write): void {
    if ((view.get(key)?.order ?? 0) < write.order) view.set(key, write);
  }

  function put(own: Map<string, Write>, key: string, text: string | null): void {
    time.touch('areas');
    const write = { text, order: ++writes };
    stored.set(key, write);
    own.set(key, write);
    for (const view of views) if (view !== own) time.setTimer(() => show(view, key, write), delayMs());
    area.onChange();
  }

  const area: SharedArea = {
    onChange: () => undefined,
    openView() {
      const view = new Map(stored);
      views.add(view);
      return {
        getItem: (key) => view.get(key)?.text ?? null,
        setItem: (key, text) => put(view, key, text),
        removeItem: (key) => put(view, key, null),
      };
    },
    texts: () => new Map([...stored].flatMap(([key, { text }]) => (text === null ? [] : [[key, text] as const]))),
    clear() {
      for (const key of [...stored.keys()]) for (const view of views) put(view, key, null);
    },
  };
  return area;
}

/** The `sessionStorage` of one tab. A duplicated tab starts with a copy of it. */
export interface OwnArea extends TextArea {
  readonly copy: () => OwnArea;
}

export function createOwnArea(texts = new Map<string, string>()): OwnArea {
  return {
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
    copy: () => createOwnArea(new Map(texts)),
  };
}
