import { createAuthClient, type AuthClient, type AuthClientConfig } from 'unexpired/core';
import { oauth2, type OAuth2Config } from 'unexpired/oauth2';
import { createWorld, type SimulatedPlatform, type Tab, type TabOptions, type World } from './world.ts';

const ORIGIN = 'https://api.example.com';

/** What the token endpoint answers to one refresh. */
export interface TokenAnswer {
  readonly status?: number;
  /** A value is sent as JSON, a text as it is. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A simulated browser in front of an OAuth 2.0 server whose answers a test writes. */
export interface TokenServer {
  readonly world: World;
  /** Answers a refresh. `count` is 1 for the first one, and `now` is the server's clock, epoch ms. */
  answer: (count: number, now: number) => TokenAnswer;
  /** When the API stops accepting an access token, epoch ms; by default it accepts every token. */
  endOf: (accessToken: string) => number;
  /** The refresh tokens that were sent, in order. */
  readonly sent: string[];
  /** By how much the access tokens that were sent too late had expired, ms. */
  readonly expiredByMs: number[];
  /** Opens a tab with a client of its own. */
  readonly open: (config?: Partial<AuthClientConfig>, options?: TabOptions) => { readonly tab: Tab; readonly auth: AuthClient };
}

/** Creates the server and its browser. */
export function createTokenServer(settings: Partial<OAuth2Config> = {}): TokenServer {
  const protocol = oauth2({ tokenEndpoint: `${ORIGIN}/oauth/token`, clientId: 'app', resourceOrigins: [ORIGIN], ...settings });
  const sent: string[] = [];
  const expiredByMs: number[] = [];

  async function serve(request: Request): Promise<Response> {
    if (new URL(request.url).pathname.startsWith('/oauth')) {
      sent.push(new URLSearchParams(await request.text()).get('refresh_token') ?? '');
      const { status = 200, body, headers = {} } = server.answer(sent.length, world.now());
      return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
    }
    const lateMs = world.now() - server.endOf((request.headers.get('authorization') ?? '').slice('Bearer '.length));
    if (lateMs < 0) return Response.json({});
    expiredByMs.push(lateMs);
    return new Response('', { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
  }

  const world = createWorld(serve);
  const server: TokenServer = {
    world,
    answer: () => ({ status: 503, body: '' }),
    endOf: () => Infinity,
    sent,
    expiredByMs,
    open(config = {}, options = {}) {
      const tab = world.openTab(options);
      const platform = (config.platform ?? tab.platform) as SimulatedPlatform;
      return { tab, auth: createAuthClient({ protocol, storage: platform.storage, ...config, platform }) };
    },
  };
  return server;
}
