import { useAuthQuery } from './auth-query-context.ts';

/**
 * Returns the id of the session whose data the cache holds; `null` while no user is signed in.
 *
 * Use it in query keys, and as the `key` of a component that must not outlive its user. A `Suspense` needs such a `key`,
 * because React only hides the children of a `Suspense` that suspends again.
 *
 * `useAuth().sessionId` is the client's session. It changes first, so for a moment the cache can still hold the former
 * user's data. This id changes after the cache is cleared.
 *
 * @returns an id that is new after each sign-in, also of the same user; it is not a secret
 * @throws AuthError `invalid_config` outside an `AuthQueryProvider`
 * @example
 * ```tsx
 * import { Suspense, type ReactNode } from 'react';
 * import { useSessionId } from 'unexpired/query';
 * function Waiting({ children }: { children: ReactNode }) {
 *   return <Suspense key={useSessionId()} fallback="One moment…">{children}</Suspense>;
 * }
 * ```
 */
export function useSessionId(): string | null {
  return useAuthQuery().session.sessionId;
}
