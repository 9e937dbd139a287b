import type { AuthClient } from '../core/auth-client.ts';
import type { Release } from '../core/platform/platform.ts';
import { corrupted } from './model/corrupted-token.ts';

/**
 * Corrupts the current access token in each request, so that the API rejects it. The next token is sent unchanged.
 *
 * @returns stops it
 */
export function corruptAccessToken(client: AuthClient): Release {
  const { tokens } = client.getSnapshot();
  if (tokens === null) return () => undefined;
  const bearer = `Bearer ${tokens.accessToken}`;
  const rejected = `Bearer ${corrupted(tokens.accessToken)}`;
  const interceptor = (request: Request, next: (request: Request) => Promise<Response>) => {
    if (request.headers.get('authorization') !== bearer) return next(request);
    const headers = new Headers(request.headers);
    headers.set('authorization', rejected);
    return next(new Request(request, { headers }));
  };
  const stop = () => {
    for (const release of releases) release();
  };
  const releases = [
    client.intercept({ interceptor, scope: 'send' }),
    client.subscribe(() => {
      if (client.getSnapshot().tokens?.accessToken !== tokens.accessToken) stop();
    }),
  ];
  return stop;
}
