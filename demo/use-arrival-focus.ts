import { useEffect, useRef, useState, type RefObject } from 'react';

/**
 * Takes the focus when a view replaces the one that had it: what was pressed last is gone by then.
 *
 * @param wanted false for a view that comes with the page
 */
export function useArrivalFocus<T extends HTMLElement>(wanted: () => boolean): RefObject<T | null> {
  const target = useRef<T>(null);
  const [takes] = useState(wanted);
  useEffect(() => {
    if (takes && document.activeElement === document.body) target.current?.focus({ preventScroll: true });
  }, [takes]);
  return target;
}
