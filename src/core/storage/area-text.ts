import type { TextArea } from '../platform/platform.ts';

/** Returns the text of a key; `undefined` if there is none. */
export function textIn(area: TextArea, key: string): string | undefined {
  return area.getItem(key) ?? undefined;
}

/**
 * Changes the text of a key.
 *
 * @returns the text that was written; `null` if nothing changed
 * @throws the error of the change, and if the quota is used up
 */
export function changeText(area: TextArea, key: string, change: (current: unknown) => unknown): string | null {
  const current = textIn(area, key);
  const next = change(current);
  if (next === current) return null;
  const text = textOf(next);
  area.setItem(key, text);
  return text;
}

/** Returns the value as text, which every storage can keep. */
export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('this storage keeps text only');
  return value;
}
