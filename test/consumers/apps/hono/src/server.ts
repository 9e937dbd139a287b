import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { errorResponse } from 'unexpired/server';
import { client, sessions } from './sessions.js';

const app = new Hono();

app.all('/auth/*', (c) => sessions.handler(c.req.raw));
app.all('/api/*', (c) => sessions.proxy(c.req.raw));

app.get('/feed', async (c) => {
  const session = await sessions.of(c.req.raw);
  const posts = await session.fetch('/posts');
  return c.json({ user: session.snapshot().subject, posts: await posts.json() });
});

app.use(serveStatic({ root: process.env['PAGE'] ?? 'page' }));

app.onError((error) => errorResponse(error));

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env['PORT'] ?? 0) }, ({ port }) => console.log(`http://127.0.0.1:${port}`));

process.once('SIGTERM', async () => {
  server.close();
  await sessions.close();
  client.destroy();
});
