import type { AuthClient } from '../core/auth-client.ts';
import type { Release } from '../core/platform/platform.ts';
import { damaged } from './model/damaged-token.ts';

/**
 * Sends the present access token damaged from now on, so that the API rejects it; the next token is sent as it is.
 *
 * @returns ends it
 */
export function damageAccessToken(client: AuthClient): Release {
  const { tokens } = client.getSnapshot();
  if (tokens === null) return () => undefined;
  const bearer = `Bearer ${tokens.accessToken}`;
  const broken = `Bearer ${damaged(tokens.accessToken)}`;
  const interceptor = (request: Request, next: (request: Request) => Promise<Response>) => {
    if (request.headers.get('authorization') !== bearer) return next(request);
    const headers = new Headers(request.headers);
    headers.set('authorization', broken);
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
