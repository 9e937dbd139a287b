import type { TextArea } from '../platform/platform.ts';

/** Reads a text; `undefined` when there is none. */
export function textIn(area: TextArea, key: string): string | undefined {
  return area.getItem(key) ?? undefined;
}

/**
 * Changes a text where it stands.
 *
 * @returns what it has written; `null` where there was nothing to change
 *
 * @throws what the change throws, and where there is no room
 */
export function changeText(area: TextArea, key: string, change: (current: unknown) => unknown): string | null {
  const current = textIn(area, key);
  const next = change(current);
  if (next === current) return null;
  const text = textOf(next);
  area.setItem(key, text);
  return text;
}

/** Takes text, the one thing that every storage can keep. */
export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('this storage keeps text alone');
  return value;
}
