import { Fragment, useCallback, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useHold } from './use-hold.ts';
import { useSnapshot } from './use-snapshot.ts';

/** The props of `SignedInOrHeld`. */
export interface SignedInOrHeldProps {
  readonly children?: ReactNode;
  /** What is shown while no user is signed in and no session is lost. Default: nothing. */
  readonly fallback?: ReactNode;
  /** Whether the children stay visible while the session is lost. They are inert then. Default: they are hidden. */
  readonly showHeld?: boolean;
}

/**
 * Shows its children while a user is signed in, and keeps them mounted while the session is lost and its calls are held. A form then
 * keeps what was typed.
 *
 * While the session is lost, the children are hidden, because the user may have left the screen. If the same user signs in again, they are
 * shown, and the focus returns. For another user they are mounted anew. Do not give them `sessionId` as a `key`, because the same user then has another one.
 *
 * @throws AuthError `invalid_config` outside an `AuthProvider`, or if its client has no hold of `holdCalls`
 * @example
 * ```tsx
 * import { SignedInOrHeld } from 'unexpired';
 * const page = <SignedInOrHeld fallback="Please sign in"><textarea aria-label="Post" /></SignedInOrHeld>;
 * ```
 */
export function SignedInOrHeld({ children, fallback = null, showHeld = false }: SignedInOrHeldProps): ReactNode {
  const { held: { cause } } = useHold();
  const status = useSnapshot((snapshot) => snapshot.status);
  const mountKey = useMountKey();
  const conceal = useConcealed(cause !== null);
  if (status !== 'signedIn' && cause === null) return status === 'signedOut' ? fallback : null;
  return (
    <div ref={conceal} style={{ display: cause !== null && !showHeld ? 'none' : 'contents' }}>
      <Fragment key={mountKey}>{children}</Fragment>
    </div>
  );
}

/** Returns a key that changes when another user follows. It does not change when the page has loaded, so that what a server rendered stays. */
function useMountKey(): number {
  const { client, hold } = useHold();
  const subscribe = useCallback(
    (listener: () => void) => {
      const releases = [client.subscribe(listener), hold.subscribe(listener)];
      return () => releases.forEach((release) => release());
    },
    [client, hold],
  );
  const user = useSyncExternalStore(subscribe, hold.getUserKey, () => null);
  const [seen, setSeen] = useState({ user, changes: 0 });
  if (user === null || user === seen.user) return seen.changes;
  const next = { user, changes: seen.user === null ? seen.changes : seen.changes + 1 };
  setSeen(next);
  return next.changes;
}

/** Returns a ref that makes its element inert while that is asked for, and then returns the focus to where it was. */
function useConcealed(isConcealed: boolean): (element: HTMLElement | null) => void {
  const focused = useRef<HTMLElement | null>(null);
  return useCallback(
    (element) => {
      if (!element) return;
      const active = element.ownerDocument.activeElement as HTMLElement | null;
      if (isConcealed && element.contains(active)) focused.current = active; // The browser moves the focus only when it renders.
      element.inert = isConcealed;
      if (isConcealed) return;
      focused.current?.focus();
      focused.current = null;
    },
    [isConcealed],
  );
}
