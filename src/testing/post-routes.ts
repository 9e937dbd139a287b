import { badParameter } from './api-error.ts';
import { admit, authenticate } from './authenticate.ts';
import type { Backend, Router } from './backend.ts';
import { pathOf } from './endpoint.ts';
import { postResource } from './post-board.ts';
import { readFields, textField } from './request-fields.ts';

/** Adds the endpoints of the posts. The app and bots can read posts; only the author can change or delete a post. */
export function addPostRoutes(router: Router, backend: Backend): void {
  const { board, fixture } = backend;

  router.get(pathOf('posts'), (context) => {
    admit(context, backend);
    const limit = readLimit(context.req.query('limit'));
    return context.json({ data: board.list().slice(0, limit).map(postResource) });
  });

  router.get(pathOf('post'), (context) => {
    admit(context, backend);
    return context.json({ data: postResource(board.get(Number(context.req.param('id')))) });
  });

  router.put(pathOf('post'), (context) => {
    const bot = authenticate(context, backend);
    const text = textField(readFields(context.req.header('Content-Type') ?? null, context.env.body), 'text');
    return context.json({ data: postResource(board.edit(Number(context.req.param('id')), bot, text, fixture.now())) });
  });

  router.delete(pathOf('post'), (context) => {
    const bot = authenticate(context, backend);
    return context.json({ data: postResource(board.remove(Number(context.req.param('id')), bot)) });
  });
}

function readLimit(limit: string | undefined): number {
  if (limit === undefined) return 20;
  if (!/^\d+$/.test(limit) || Number(limit) < 1 || Number(limit) > 100) throw badParameter('limit', 'must be a whole number from 1 to 100');
  return Number(limit);
}
