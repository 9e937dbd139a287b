import { withApis, type ApisClient } from 'unexpired/apis';
import { browserPlatform, createAuthClient, memory } from 'unexpired';
import { fromTokenResponse, oauth2 } from 'unexpired/oauth2';

export const POSTS = 'https://api.example.com';
export const FILES = 'https://files.example.com';
export const MAIL = 'https://mail.example.com';

/** An app with three APIs, and what the authorization server and the APIs have received. */
export interface ApisAtHand {
  readonly auth: ApisClient<typeof FILES | typeof MAIL>;
  /** One line for each request, the latest last. */
  readonly log: string[];
}

/** Creates a signed-in client in front of an authorization server and three APIs, because a story has no network. */
export async function createApisAtHand(): Promise<ApisAtHand> {
  const log: string[] = [];
  let count = 0;

  const issue = (audience: string) => ({ access_token: `${audience}-${++count}`, refresh_token: `refresh-${count}`, token_type: 'Bearer', expires_in: 300 });

  async function serve(request: Request): Promise<Response> {
    const { host, pathname } = new URL(request.url);
    if (host !== 'id.example.com') {
      log.push(`${host}${pathname} got ${request.headers.get('authorization')}`);
      return Response.json({});
    }
    const audience = new URLSearchParams(await request.text()).get('audience') ?? 'posts';
    log.push(`token request for ${audience}`);
    return audience === 'mail' ? Response.json({ error: 'access_denied' }, { status: 403 }) : Response.json(issue(audience));
  }

  const protocol = oauth2({ tokenEndpoint: 'https://id.example.com/token', clientId: 'my-app', resourceOrigins: [POSTS] });
  const platform = { ...browserPlatform(), fetch: (input: RequestInfo | URL, init?: RequestInit) => serve(new Request(input, init)) };
  const client = createAuthClient({ protocol, storage: memory(), storageKey: `story-${Math.random()}`, platform });
  const auth = withApis(client, { [FILES]: { audience: 'files' }, [MAIL]: { audience: 'mail' } });
  await auth.signIn(fromTokenResponse(issue('posts'), Date.now()));
  return { auth, log };
}
