import type { Release } from './platform/platform.ts';

/**
 * A source of what the user does. It calls the listener for each event, and returns a function that ends it.
 *
 * @example
 * ```ts
 * import type { ActivitySource } from 'unexpired/core';
 * const menuClicks: ActivitySource = (listener) => {
 *   const menu = document.querySelector('nav');
 *   menu?.addEventListener('click', listener);
 *   return () => menu?.removeEventListener('click', listener);
 * };
 * ```
 */
export type ActivitySource = (listener: (event: Event) => void) => Release;

// A script can cause `scroll`. The wheel, keys, touches and the pointer on a scrollbar are what a user scrolls with.
const EVENTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'touchmove'] as const;

/** The pointer, keys, wheel and touches on the page, without the events that a script dispatches. On a server there are none. */
export const pageActivity: ActivitySource = (listener) => {
  const page = globalThis.window;
  const options = { capture: true, passive: true };
  const onEvent = (event: Event) => event.isTrusted && listener(event);
  for (const type of EVENTS) page?.addEventListener?.(type, onEvent, options);
  return () => {
    for (const type of EVENTS) page?.removeEventListener?.(type, onEvent, options);
  };
};
