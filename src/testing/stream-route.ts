import { ApiError } from './api-error.ts';
import { authenticate } from './authenticate.ts';
import type { Backend, Router } from './backend.ts';
import { pathOf } from './endpoint.ts';
import { postResource, type Post, type PostBoard } from './post-board.ts';

/** Adds the endpoint that streams the existing posts, the oldest first, and then every new post. */
export function addStreamRoute(router: Router, backend: Backend): void {
  router.get(pathOf('stream'), (context) => {
    // Hono answers HEAD by the GET route and drops the body without cancelling it, so the stream would never end.
    if (context.env.request.method === 'HEAD') throw new ApiError(900);
    authenticate(context, backend);
    const headers = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' };
    return new Response(postStream(backend.board, context.env.request.signal), { headers });
  });
}

function postStream(board: PostBoard, signal: AbortSignal): ReadableStream<Uint8Array> {
  let stop = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (post: Post) => {
        controller.enqueue(eventOf(post));
      };
      const unlisten = board.listen(send);
      const abort = () => {
        stop();
        controller.error(signal.reason);
      };
      stop = () => {
        unlisten();
        signal.removeEventListener('abort', abort);
      };
      signal.addEventListener('abort', abort, { once: true });
      for (const post of [...board.list()].reverse()) send(post);
    },
    cancel() {
      stop();
    },
  });
}

function eventOf(post: Post): Uint8Array {
  return new TextEncoder().encode(`event: post\nid: ${post.id}\ndata: ${JSON.stringify(postResource(post))}\n\n`);
}
