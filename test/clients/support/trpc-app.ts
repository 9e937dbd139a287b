import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { initTRPC, TRPCError } from '@trpc/server';
import { Hono } from 'hono';

export const TRPC_PATH = '/app/trpc';

const t = initTRPC.create();
const text = (value: unknown) => String(value);

const router = t.router({
  shout: t.procedure.input(text).mutation(({ input }) => input.toUpperCase()),
  refuse: t.procedure.mutation(() => {
    throw new TRPCError({ code: 'UNAUTHORIZED' });
  }),
  // Counts, then waits until its listener leaves.
  ticks: t.procedure.input(Number).subscription(async function* ({ input: until, signal }) {
    for (let tick = 1; tick <= until; tick += 1) yield tick;
    await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
  }),
});

/** The router's type, for clients. */
export type AppRouter = typeof router;

/** An app that serves tRPC, with Server-Sent Events for subscriptions. */
export const trpcApp = new Hono().all(`${TRPC_PATH}/*`, (context) => fetchRequestHandler({ endpoint: TRPC_PATH, req: context.req.raw, router }));
