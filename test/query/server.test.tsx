// @vitest-environment node
import { QueryClient } from '@tanstack/react-query';
import { Suspense } from 'react';
import { renderToString } from 'react-dom/server';
import { AuthProvider, createAuthClient } from 'unexpired';
import { bonfire } from 'unexpired/bonfire';
import { AuthQueryProvider, useAuthedInfiniteQuery, useAuthedMutation, useAuthedQuery, useAuthedSuspenseQuery } from 'unexpired/query';
import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
});

const Everything = () => {
  const one = useAuthedQuery({ queryKey: ['one'], queryFn: () => 'one' });
  const many = useAuthedInfiniteQuery({ queryKey: ['many'], queryFn: () => 'many', initialPageParam: 0, getNextPageParam: () => null });
  const { status } = useAuthedMutation({ mutationFn: async () => 'done' });
  return <p>{[one.fetchStatus, many.fetchStatus, status].join(' ')}</p>;
};
const Suspended = () => <p>{useAuthedSuspenseQuery({ queryKey: ['one'], queryFn: () => 'one' }).data}</p>;

describe('unexpired/query on a server', () => {
  it('renders without a request or a browser global and leaves Suspense to the browser', () => {
    for (const name of ['indexedDB', 'BroadcastChannel', 'localStorage', 'fetch', 'performance', 'crypto', 'document', 'window']) vi.stubGlobal(name, undefined);
    const auth = createAuthClient({ protocol: bonfire({ baseUrl: 'https://api.bonfire.test/v1', appKey: 'k' }) });
    const html = renderToString(
      <AuthProvider client={auth}>
        <AuthQueryProvider queryClient={new QueryClient()}>
          <Everything />
          <Suspense fallback="waiting"><Suspended /></Suspense>
        </AuthQueryProvider>
      </AuthProvider>,
    );
    expect(html).toContain('<p>idle idle idle</p>');
    expect(html).toContain('waiting');
    expect(auth.getSnapshot().status).toBe('loading');
  });
});
