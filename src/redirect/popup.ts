import type { AuthClient } from '../core/auth-client.ts';
import { AuthError } from '../core/model/auth-error.ts';
import type { Platform, Release } from '../core/platform/platform.ts';
import type { PopupWindow } from './sign-in-window.ts';

/** How often a page looks whether the window is closed, ms. */
const LOOK_MS = 500;

/** How often it looks after that, because the new session may arrive after the window is closed. */
const LAST_LOOKS = 6;

/**
 * Resolves once another session has begun, in any tab.
 *
 * @throws AuthError `grant_refused`, with `apiCode` `popup_closed`
 */
export async function whenSignedIn(auth: AuthClient, platform: Pick<Platform, 'setTimer'>, popup: PopupWindow): Promise<void> {
  const { sessionId: before } = await auth.ready();
  const releases: Release[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const look = (left: number): void => {
        const { sessionId } = auth.getSnapshot();
        if (sessionId !== null && sessionId !== before) return resolve();
        if (left === 0) return reject(new AuthError('grant_refused', 'The window of the sign-in was closed before the user had signed in.', { apiCode: 'popup_closed' }));
        releases.push(platform.setTimer(() => look(popup.isClosed() ? left - 1 : LAST_LOOKS), LOOK_MS));
      };
      releases.push(auth.subscribe(() => auth.getSnapshot().sessionId !== before && auth.getSnapshot().sessionId !== null && resolve()));
      look(LAST_LOOKS);
    });
  } finally {
    for (const release of releases) release();
  }
}
