import { httpBatchLink, httpSubscriptionLink, splitLink, type TRPCLink } from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import { EventSource } from 'eventsource'; // The browser's own EventSource takes no `fetch`.
import type { AuthClient } from 'unexpired/core';

export const trpcLink = (auth: AuthClient, url: string): TRPCLink<AnyTRPCRouter> =>
  splitLink({
    condition: ({ type }) => type === 'subscription',
    true: httpSubscriptionLink({ url, EventSource, eventSourceOptions: { fetch: auth.fetch } }),
    false: httpBatchLink({ url, fetch: (input, init) => auth.fetch(input, init as RequestInit) }),
  });
