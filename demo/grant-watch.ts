import type { Platform } from 'unexpired';

/** What a token answer of this tab was for. */
export type GrantKind = 'refresh' | 'signIn';

/** Notices what this tab asks the token endpoints for. */
export interface GrantWatch {
  /** The platform to give to the client. */
  readonly platform: Platform;
  /** What the last token answer was for, once; `null` when none has come since. */
  readonly take: () => GrantKind | null;
}

/**
 * Wraps a platform's `fetch`, the one door that every request of the client goes through.
 *
 * @param onRefreshAsked told of every refresh that is sent, whatever comes of it
 */
export function watchGrants(platform: Platform, apiUrl: string, onRefreshAsked: () => void): GrantWatch {
  let last: GrantKind | null = null;

  const fetch: Platform['fetch'] = async (input, init) => {
    const kind = kindOf(input);
    if (kind === 'refresh') onRefreshAsked();
    const response = await platform.fetch(input, init);
    if (kind !== null && response.ok) last = kind;
    return response;
  };

  function kindOf(input: RequestInfo | URL): GrantKind | null {
    const url = input instanceof Request ? input.url : String(input);
    if (url === `${apiUrl}/oauth`) return 'refresh';
    return url === `${apiUrl}/oauth/bots` ? 'signIn' : null;
  }

  return {
    platform: { ...platform, fetch },
    take() {
      const taken = last;
      last = null;
      return taken;
    },
  };
}
