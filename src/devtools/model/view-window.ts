/** The visible span of time. */
export interface ViewWindow {
  readonly from: number;
  readonly until: number;
}

/** The share of the view that lies in the future. */
const AHEAD = 0.2;

/**
 * Returns the window that ends a little after a moment.
 *
 * @param now the moment, epoch ms
 * @param spanMs how much time it shows, ms
 */
export function windowAt(now: number, spanMs: number): ViewWindow {
  return { from: now - spanMs * (1 - AHEAD), until: now + spanMs * AHEAD };
}

/** Returns the place of a moment, in percent of the width. */
export function placeOf({ from, until }: ViewWindow, at: number): number {
  return ((at - from) / (until - from)) * 100;
}

/** Returns the place of a span, cut to the view; `null` if it is outside. */
export function extentOf(view: ViewWindow, from: number, until: number): { readonly left: number; readonly width: number } | null {
  if (until < view.from || from > view.until) return null;
  const left = Math.max(0, placeOf(view, from));
  return { left, width: Math.max(0, Math.min(100, placeOf(view, until)) - left) };
}

/** Round steps for the axis, ms. */
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((seconds) => seconds * 1000);

/** Returns the moments to label on the axis, epoch ms: about six. */
export function ticksOf({ from, until }: ViewWindow): number[] {
  const step = STEPS_MS.find((ms) => (until - from) / ms <= 6) ?? 7_200_000;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.floor((until - first) / step) + 1 }, (_, index) => first + index * step);
}
