import { useEffect, useRef } from 'react';
import type { AuthClient } from '../core/auth-client.ts';
import { inspectorOf } from '../core/inspector.ts';

/** Hot reloading replaces the client once for each edit, so a few changes are normal. */
const MANY_CHANGES = 3;
const SOON_MS = 10_000;

/** Warns once if a component passes another client to its `AuthProvider` again and again. A client of its own, made from `config`, is `undefined` here. */
export function useClientAdvice(client: AuthClient | undefined): void {
  const seen = useRef({ client, changes: 0, since: 0 });
  useEffect(() => {
    if (!client) return;
    const { platform } = inspectorOf(client);
    const { monotonic } = platform.now();
    const last = seen.current;
    if (last.client === client) return;
    const isSoon = monotonic - last.since < SOON_MS;
    const changes = isSoon ? last.changes + 1 : 1;
    seen.current = { client, changes, since: isSoon ? last.since : monotonic };
    if (changes === MANY_CHANGES) platform.warn('unexpired: <AuthProvider> gets another `client` at each render. Create the client once, outside the component, or pass `config`.');
  }, [client]);
}
