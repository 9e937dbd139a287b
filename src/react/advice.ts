import { useEffect, useState } from 'react';
import type { AuthClient } from '../core/auth-client.ts';
import { inspectorOf } from '../core/inspector.ts';

/** Hot reloading replaces the client once for each edit, so a few clients are normal. */
const MANY_CLIENTS = 4;
const WINDOW_MS = 10_000;

/** Warns once if an `AuthProvider` is passed many different clients in a short time. With `config`, `client` is undefined. */
export function useClientAdvice(client: AuthClient | undefined): void {
  const [check] = useState(createCheck);
  useEffect(() => {
    if (client) check(client);
  }, [check, client]);
}

function createCheck(): (client: AuthClient) => void {
  const seen = new WeakSet<AuthClient>();
  let count = 0;
  let since = -Infinity;
  let isPrinted = false;

  return (client) => {
    if (isPrinted || seen.has(client)) return;
    seen.add(client);
    const { platform } = inspectorOf(client);
    const { monotonic } = platform.now();
    if (monotonic - since >= WINDOW_MS) {
      since = monotonic;
      count = 0;
    }
    if (++count < MANY_CLIENTS) return;
    isPrinted = true;
    platform.warn(
      `unexpired: <AuthProvider> got ${count} different clients within ${WINDOW_MS / 1000} s, and each one reads the session again. `
      + 'Create the client once, outside the component, or pass `config` instead of `client`.',
    );
  };
}
