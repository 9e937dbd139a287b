import type { TextArea } from 'unexpired/core';
import type { SimulatedTime } from './time.ts';

interface Write {
  readonly text: string | null;
  /** Counts writes of the area: where two tabs wrote, the later one lasts. */
  readonly order: number;
}

/** The `localStorage` of an origin: own writes are seen at once, those of other tabs some ms later. */
export interface SharedArea {
  readonly openView: () => TextArea;
  /** The lasting texts, by key. */
  readonly texts: () => ReadonlyMap<string, string>;
  readonly clear: () => void;
  /** Called after each change of the lasting texts. */
  onChange: () => void;
}

export function createSharedArea(time: SimulatedTime, delayMs: () => number): SharedArea {
  const kept = new Map<string, Write>();
  const views = new Set<Map<string, Write>>();
  let writes = 0;

  function learn(view: Map<string, Write>, key: string, write: Write): void {
    if ((view.get(key)?.order ?? 0) < write.order) view.set(key, write);
  }

  function put(own: Map<string, Write>, key: string, text: string | null): void {
    const write = { text, order: ++writes };
    kept.set(key, write);
    own.set(key, write);
    for (const view of views) if (view !== own) time.setTimer(() => learn(view, key, write), delayMs());
    area.onChange();
  }

  const area: SharedArea = {
    onChange: () => undefined,
    openView() {
      const view = new Map(kept);
      views.add(view);
      return {
        getItem: (key) => view.get(key)?.text ?? null,
        setItem: (key, text) => put(view, key, text),
        removeItem: (key) => put(view, key, null),
      };
    },
    texts: () => new Map([...kept].flatMap(([key, { text }]) => (text === null ? [] : [[key, text] as const]))),
    clear() {
      for (const key of [...kept.keys()]) for (const view of views) put(view, key, null);
    },
  };
  return area;
}

/** A tab's own `sessionStorage`; a duplicated tab starts with a copy. */
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
