import { useEffect, useRef, useState, type RefObject } from 'react';

/**
 * Moves the focus to a view that has replaced the focused one.
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
