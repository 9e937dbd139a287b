import type { Platform, TextArea } from '../platform/platform.ts';
import { changeText, openArea, textIn } from './area-text.ts';
import { ownText } from './page-owner.ts';
import type { AuthStorage } from './storage.ts';

/**
 * Keeps the session in `sessionStorage`: for one tab and its reloads. It ends with the tab.
 *
 * A duplicated tab (or one opened by `window.open`) gets a copy of the area. Two tabs with one refresh token would lose
 * the session when both use it. So a duplicate starts signed out, and the original keeps the session. A page holds a Web
 * Lock while it is open, which distinguishes a duplicate from a reload. A duplicate therefore takes half a second until
 * it is signed out, and the lock may keep the page out of the back/forward cache. Without Web Locks, a page asks over a
 * channel whether its original is open. Each reload then takes half a second, and a frozen original does not answer.
 * @example
 * ```ts
 * import { createAuthClient, sessionStorage } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });
 * const auth = createAuthClient({ protocol, storage: sessionStorage() });
 * ```
 * @see HTML Standard, section 12.2.1 (a new tab's session storage is a clone of its opener's)
 */
export function sessionStorage(): (platform: Platform) => AuthStorage {
  return createSessionStorage;
}

function createSessionStorage(platform: Platform): AuthStorage {
  async function openOwn(key: string): Promise<TextArea> {
    const area = openArea(platform, 'session');
    await ownText(platform, area, key);
    return area;
  }

  return {
    name: 'sessionStorage',
    read: async (key) => textIn(await openOwn(key), key),
    update: async (key, change) => void changeText(await openOwn(key), key, change),
  };
}
