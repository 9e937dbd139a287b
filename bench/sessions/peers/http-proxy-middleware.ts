import type { IncomingMessage, ServerResponse } from 'node:http';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { getIronSession } from 'iron-session';
import type { Settings } from '../instances/settings.ts';
import type { PeerApp } from './peer.ts';
import { isExpiring, refreshTokens, signInTokens, type HandTokens } from './tokens.ts';

const OPTIONS = { cookieName: 'session', password: 'a password of at least 32 characters' };

/** A proxy as people build it: the session in one encrypted cookie, and the token set on each request that passes. */
export async function createApp(settings: Settings): Promise<PeerApp> {
  const proxy = createProxyMiddleware<IncomingMessage, ServerResponse>({
    target: settings.api,
    changeOrigin: true,
    pathRewrite: { '^/proxied': '' },
    on: { proxyReq: (request) => request.removeHeader('cookie') },
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const session = await getIronSession<Partial<HandTokens>>(request, response, OPTIONS);
    if (request.url === '/login') {
      Object.assign(session, await signInTokens(settings));
      await session.save();
      return response.end('signed in');
    }
    if (session.accessToken === undefined) return response.writeHead(401).end('signed out');
    if (isExpiring(session as HandTokens)) {
      Object.assign(session, await refreshTokens(settings, session.refreshToken ?? ''));
      await session.save();
    }
    if (!request.url?.startsWith('/proxied')) return response.end('ok');
    request.headers.authorization = `Bearer ${session.accessToken}`;
    return proxy(request, response);
  }

  return { listener: (request, response) => void serve(request, response).catch(() => response.writeHead(502).end()) };
}
