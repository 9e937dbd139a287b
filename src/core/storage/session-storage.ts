import { browserPlatform } from '../platform/browser-platform.ts';
import type { Platform, TextArea } from '../platform/platform.ts';
import { changeText, textIn } from './area-text.ts';
import { ownText } from './page-owner.ts';
import type { AuthStorage } from './storage.ts';

/**
 * Keeps the session in `sessionStorage`: one tab's own, it survives a reload and ends with the tab.
 *
 * A duplicated tab (or one opened by `window.open`) gets a copy of the area, and two tabs with one refresh token lose
 * the session as soon as both use it. So the copy is told from a reload by a Web Lock that a page holds for all its
 * life, and starts signed out; the original's session stays its own. What that costs: a duplicate takes half a second
 * to know that it is signed out, and the lock may keep the page out of the back/forward cache. Without Web Locks a page asks over a
 * channel whether its original lives, so there each reload takes that half second, and a frozen original does not answer.
 *
 * @param options `platform`: the door to the world; a browser's unless said otherwise
 * @example
 * ```ts
 * import { createAuthClient, sessionStorage } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });
 * const auth = createAuthClient({ protocol, storage: sessionStorage() });
 * ```
 * @see HTML Standard, section 12.2.1 (a new tab's session storage is a clone of its opener's)
 */
export function sessionStorage({ platform }: { readonly platform?: Platform } = {}): AuthStorage {
  async function openArea(key: string): Promise<TextArea> {
    const world = (platform ??= browserPlatform());
    const area = world.openArea('session');
    await ownText(world, area, key);
    return area;
  }

  return {
    name: 'sessionStorage',
    read: async (key) => textIn(await openArea(key), key),
    update: async (key, change) => void changeText(await openArea(key), key, change),
  };
}
