import { getRequestListener } from '@hono/node-server';
import express, { type ErrorRequestHandler } from 'express';
import type { AddressInfo } from 'node:net';
import { errorResponse } from 'unexpired/server';
import { client, sessions } from './sessions.js';

const app = express();

// Both stand before all parsers of bodies.
app.all('/auth/*path', getRequestListener(sessions.handler));
app.all('/api/*path', getRequestListener(sessions.proxy));

app.get('/feed', async (request, response) => {
  const session = await sessions.of({ headers: new Headers({ cookie: request.headers.cookie ?? '' }) });
  const posts = await session.fetch('/posts');
  response.json({ user: session.snapshot().subject, posts: await posts.json() });
});

app.use(express.static(process.env['PAGE'] ?? 'page'));

const onError: ErrorRequestHandler = async (error, _request, response, _next) => {
  const answer = errorResponse(error);
  response.status(answer.status).set(Object.fromEntries(answer.headers)).send(await answer.text());
};
app.use(onError);

const server = app.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));

process.once('SIGTERM', async () => {
  server.close();
  await sessions.close();
  client.destroy();
});
