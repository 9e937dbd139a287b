import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import openid, { type ConfigParams } from 'express-openid-connect';
import type { Settings } from '../instances/settings.ts';
import { callApi, type PeerApp } from './peer.ts';

/** `express-openid-connect` with its session in cookies, which is its default. Its README refreshes with `accessToken.refresh()`. */
export async function createApp(settings: Settings): Promise<PeerApp> {
  const app = express();
  app.get('/plain', (_request, response) => void response.send('ok'));
  app.use(openid.auth(configOf(settings)));

  const accessToken = async (request: express.Request): Promise<string | null> => {
    const token = request.oidc.accessToken;
    if (!token) return null;
    return token.isExpired() ? (await token.refresh()).access_token : token.access_token;
  };
  const call: RequestHandler = async (request, response) => {
    let token = await accessToken(request);
    if (token === null) return void response.status(401).send('signed out');
    const slow = request.query['slow'] as string | undefined;
    let answer = await callApi(settings, token, slow);
    if (answer.status === 401) {
      token = (await request.oidc.accessToken?.refresh())?.access_token ?? null;
      if (token !== null) answer = await callApi(settings, token, slow);
    }
    response.status(answer.status).send(await answer.text());
  };
  const token: RequestHandler = async (request, response) => {
    const found = await accessToken(request);
    response.status(found === null ? 401 : 200).send('ok');
  };
  const onError: ErrorRequestHandler = (error: Error, _request, response, _next) => {
    if (process.env['BENCH_ERRORS']) console.error(error);
    response.status(502).send(error.message);
  };
  app.get('/token', token);
  app.get('/call', call);
  app.get('/login', (_request, response) => response.oidc.login({ returnTo: '/plain' }));
  app.post('/logout', (_request, response) => response.oidc.logout());
  app.use(onError);
  return { listener: app };
}

function configOf({ authority, appOrigin }: Settings): ConfigParams {
  return {
    authRequired: false,
    issuerBaseURL: authority,
    baseURL: appOrigin,
    clientID: 'bench',
    clientSecret: 'secret',
    secret: 'a secret of at least 32 characters',
    routes: { login: false, logout: false },
    authorizationParams: { response_type: 'code', scope: 'openid email offline_access' },
  };
}
