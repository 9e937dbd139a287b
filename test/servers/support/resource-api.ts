import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen, type Listening } from '../../browsers/server/listening.ts';
import { APP, type AuthorizationServer } from './authorization-server.ts';

/** Lets pages of the app read `WWW-Authenticate`, without which they cannot distinguish a rejected token from any other 401. */
const CORS = {
  'access-control-allow-origin': APP,
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-expose-headers': 'WWW-Authenticate',
};

/** Starts an API that accepts a server's access tokens and answers with the body of the request. */
export function startResourceApi({ challenge }: AuthorizationServer): Promise<Listening> {
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const refusal = request.method === 'OPTIONS' ? null : await challenge(request.headers.authorization);
    if (refusal === null) response.writeHead(200, CORS).end(body);
    else response.writeHead(401, { ...CORS, 'www-authenticate': refusal }).end();
  }
  return listen(createServer((request, response) => void serve(request, response)));
}
