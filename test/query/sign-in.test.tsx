import { cleanup } from '@testing-library/react';
import { useQuery } from '@tanstack/react-query';
import { AuthQueryProvider } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from './test-app.tsx';

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
});
afterEach(cleanup);

const requests = () => app.setup.api.calls.filter(({ endpoint }) => endpoint === 'posts').length;

describe('a query that ran while signed out', () => {
  it('is fetched again after the sign-in', async () => {
    const Feed = () => <p>{useQuery({ queryKey: ['posts'], queryFn: async () => (await app.auth.fetch('/posts')).status }).data ?? 'nothing'}</p>;
    await app.signOut();
    const page = app.render(<Feed />);
    await app.until(() => expect(page.textContent).toBe('200'));
    await app.signIn('ember');
    await app.advance(500);
    expect(requests()).toBe(2);
  });

  it('is fetched again when the user signs in before its first answer arrives', async () => {
    const Feed = () => <p>{useQuery({ queryKey: ['posts'], queryFn: async () => (await app.auth.fetch('/posts')).status }).data ?? 'nothing'}</p>;
    await app.signOut();
    app.setup.world.latencyMs = 300;
    const page = app.render(<Feed />);
    await app.advance(50);
    await app.signIn('ember');
    await app.advance(2000);
    expect(page.textContent).toBe('200');
    expect(requests()).toBe(2);
  });

  it('is fetched again only once below two providers of one query client', async () => {
    const Feed = () => <p>{useQuery({ queryKey: ['posts'], queryFn: async () => (await app.auth.fetch('/posts')).status }).data ?? 'nothing'}</p>;
    await app.signOut();
    const page = app.render(<AuthQueryProvider queryClient={app.queryClient}><Feed /></AuthQueryProvider>);
    await app.until(() => expect(page.textContent).toBe('200'));
    await app.signIn('ember');
    await app.advance(500);
    expect(requests()).toBe(2);
  });

  it('is fetched again only once when it has data and failed while signed out', async () => {
    let sends = 0;
    const publish = async () => {
      sends++;
      return (await app.auth.fetch('/users/me/posts', { method: 'POST', body: '{}' })).status;
    };
    const Feed = () => <p>{useQuery({ queryKey: ['w'], initialData: 1, retry: 3, retryDelay: 5000, queryFn: () => publish() }).data}</p>;
    await app.signOut();
    app.render(<Feed />);
    await app.advance(50);
    const before = sends;
    await app.signIn('ember');
    await app.advance(500);
    expect(sends - before).toBe(1);
  });

  it.each([0, Infinity])('is fetched again exactly once when the provider was unmounted during the sign-in (staleTime %d)', async (staleTime) => {
    const Feed = () => <p>{useQuery({ queryKey: ['posts'], staleTime, queryFn: async () => (await app.auth.fetch('/posts')).status }).data ?? 'nothing'}</p>;
    await app.signOut();
    const page = app.render(<Feed />);
    await app.until(() => expect(page.textContent).toBe('200'));
    cleanup();
    await app.advance(10);
    await app.signIn('ember');
    app.render(<Feed />);
    await app.advance(500);
    expect(requests()).toBe(2);
  });
});
