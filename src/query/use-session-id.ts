import { useAuthQuery } from './auth-query-context.ts';

/**
 * The session whose data the cache holds, `null` for nobody: for query keys of a user's own, and as `key` of what shall not
 * outlive its user, such as a `Suspense` (React hides what it had shown, and removes it only then).
 *
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
