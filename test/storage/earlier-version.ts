import type { AuthStorage, Platform } from 'unexpired/core';

const SETTLE_MS = 20;

/** The storage `localStorage()` of an earlier version: a write holds a lock until the other tabs can see it. */
export function earlierLocalStorage(platform: Platform): AuthStorage {
  const area = platform.openArea!('local');
  const settled = () => new Promise<void>((resolve) => void platform.setTimer(resolve, SETTLE_MS));
  return {
    name: 'localStorage',
    read: async (key) => area.getItem(key) ?? undefined,
    update: (key, change) =>
      platform.locks!.hold(`${key}:write`, 4000, async () => {
        const current = area.getItem(key) ?? undefined;
        const next = change(current);
        if (next === current) return;
        area.setItem(key, String(next));
        await settled();
      }),
  };
}
