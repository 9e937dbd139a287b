import { useEffect, useRef, type RefObject } from 'react';

/**
 * Takes the focus when a view replaces the one that had it: what was pressed last is gone by then.
 *
 * @param wanted false for a view that comes with the page
 */
export function useArrivalFocus<T extends HTMLElement>(wanted: () => boolean): RefObject<T | null> {
  const target = useRef<T>(null);
  useEffect(() => {
    if (wanted() && document.activeElement === document.body) target.current?.focus();
    // Only the arrival counts, whatever changes later.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return target;
}
