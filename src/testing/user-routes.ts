import { authenticate } from './authenticate.ts';
import type { Backend, Router } from './backend.ts';
import { botResource } from './bot.ts';
import { pathOf } from './endpoint.ts';
import { postResource } from './post-board.ts';
import { readFields, textField } from './request-fields.ts';

/** Adds the endpoints of the bot whose token the request carries. */
export function addUserRoutes(router: Router, backend: Backend): void {
  router.get(pathOf('me'), (context) => context.json({ data: botResource(authenticate(context, backend)) }));

  router.get(pathOf('myPosts'), (context) => {
    const bot = authenticate(context, backend);
    const posts = backend.board.list().filter((post) => post.author.id === bot.id);
    return context.json({ data: posts.map(postResource) });
  });

  router.post(pathOf('myPosts'), (context) => {
    const bot = authenticate(context, backend);
    const text = textField(readFields(context.req.header('Content-Type') ?? null, context.env.body), 'text');
    return context.json({ data: postResource(backend.board.add(bot, text, backend.fixture.now())) }, 201);
  });
}
