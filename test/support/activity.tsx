import * as React from 'react';
import { useEffect, useState, type ComponentType, type ReactElement, type ReactNode } from 'react';

type Mode = 'hidden' | 'visible';

/** Whether this React has `Activity`, as 19.2 and later do. */
export const hasActivity = 'Activity' in React;

/** `Activity` of React. It may be used only if `hasActivity` is true. */
export const Activity = (React as unknown as { Activity: ComponentType<{ mode: Mode; children: ReactNode }> }).Activity;

export interface Hideable {
  readonly Hideable: ComponentType<{ readonly children: ReactNode }>;
  /** Hides or shows the tree without a render of its parents. */
  readonly setMode: (mode: Mode) => void;
}

/** Creates a component whose tree a test can hide and show. */
export function createHideable(): Hideable {
  let setMode: (mode: Mode) => void = () => undefined;
  function Hideable({ children }: { readonly children: ReactNode }): ReactElement {
    const [mode, set] = useState<Mode>('visible');
    useEffect(() => {
      setMode = set;
    }, []);
    return <Activity mode={mode}>{children}</Activity>;
  }
  return { Hideable, setMode: (mode) => setMode(mode) };
}

/** Records each text that a container shows from now on, even for one frame. */
export function textsOf(container: HTMLElement): readonly (string | null)[] {
  const texts: (string | null)[] = [];
  new MutationObserver(() => texts.push(container.textContent)).observe(container, { subtree: true, childList: true, characterData: true, attributes: true });
  return texts;
}
