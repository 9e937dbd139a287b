import { AuthError } from '../model/auth-error.ts';
import type { Platform, TextArea } from '../platform/platform.ts';

/**
 * Opens an area of the platform, or that of the page. It is not a member of `browserPlatform()`, so that only apps that use it load it.
 *
 * @throws AuthError `storage_unavailable` if there is none; the browser's own error if it is blocked
 */
export function openArea(platform: Platform, kind: 'local' | 'session'): TextArea {
  if (platform.openArea) return platform.openArea(kind);
  const area = kind === 'local' ? globalThis.localStorage : globalThis.sessionStorage;
  if (!area) throw new AuthError('storage_unavailable', `there is no ${kind}Storage here`);
  return area;
}

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
