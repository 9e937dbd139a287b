import { QueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { SignedIn } from 'unexpired';
import { AuthQueryProvider, authRetry, authRetryDelay, useAuthedMutation, useAuthedQuery } from 'unexpired/query';

function Posts() {
  const { data, refetch } = useAuthedQuery({
    queryKey: ['posts'],
    queryFn: async ({ authedFetch, signal }) => {
      const response = await authedFetch('/posts', { signal });
      return ((await response.json()) as { data: unknown[] }).data;
    },
  });
  const publish = useAuthedMutation({
    mutationFn: (text: string, { authedFetch }) => authedFetch('/users/me/posts', { method: 'POST', body: new URLSearchParams({ text }) }),
    onSuccess: () => refetch(),
  });
  return <button onClick={() => publish.mutate('The fire is lit.')}>{data?.length ?? 'Some'} posts, add one</button>;
}

export function QueriedFeed() {
  const [queryClient] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: authRetry, retryDelay: authRetryDelay } } }));
  return (
    <AuthQueryProvider queryClient={queryClient}>
      <SignedIn>
        <Posts />
      </SignedIn>
    </AuthQueryProvider>
  );
}
