import { cleanup } from '@testing-library/react';
import { useQuery } from '@tanstack/react-query';
import { AuthQueryProvider } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStage, type Stage } from './stage.tsx';

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
afterEach(cleanup);

const asked = () => stage.scene.api.calls.filter(({ endpoint }) => endpoint === 'posts').length;

describe('what was asked for by nobody', () => {
  it('is asked for again by whoever signs in', async () => {
    const Feed = () => <p>{useQuery({ queryKey: ['posts'], queryFn: async () => (await stage.auth.fetch('/posts')).status }).data ?? 'nothing'}</p>;
    await stage.leave();
    const page = stage.show(<Feed />);
    await stage.until(() => expect(page.textContent).toBe('200'));
    await stage.enter('ember');
    await stage.advance(500);
    expect(asked()).toBe(2);
  });

  it('is asked for again while its first answer is still under way', async () => {
    const Feed = () => <p>{useQuery({ queryKey: ['posts'], queryFn: async () => (await stage.auth.fetch('/posts')).status }).data ?? 'nothing'}</p>;
    await stage.leave();
    stage.scene.world.latencyMs = 300;
    const page = stage.show(<Feed />);
    await stage.advance(50);
    await stage.enter('ember');
    await stage.advance(2000);
    expect(page.textContent).toBe('200');
    expect(asked()).toBe(2);
  });

  it('is asked for once below two providers of one cache', async () => {
    const Feed = () => <p>{useQuery({ queryKey: ['posts'], queryFn: async () => (await stage.auth.fetch('/posts')).status }).data ?? 'nothing'}</p>;
    await stage.leave();
    const page = stage.show(<AuthQueryProvider client={stage.auth} queryClient={stage.queryClient}><Feed /></AuthQueryProvider>);
    await stage.until(() => expect(page.textContent).toBe('200'));
    await stage.enter('ember');
    await stage.advance(500);
    expect(asked()).toBe(2);
  });

  it('is asked for once where it has data and has failed as nobody', async () => {
    let sends = 0;
    const publish = async () => {
      sends++;
      return (await stage.auth.fetch('/users/me/posts', { method: 'POST', body: '{}' })).status;
    };
    const Feed = () => <p>{useQuery({ queryKey: ['w'], initialData: 1, retry: 3, retryDelay: 5000, queryFn: () => publish() }).data}</p>;
    await stage.leave();
    stage.show(<Feed />);
    await stage.advance(50);
    const before = sends;
    await stage.enter('ember');
    await stage.advance(500);
    expect(sends - before).toBe(1);
  });

  it.each([0, Infinity])('is asked for again, and once, where the provider was away while the user signed in (staleTime %d)', async (staleTime) => {
    const Feed = () => <p>{useQuery({ queryKey: ['posts'], staleTime, queryFn: async () => (await stage.auth.fetch('/posts')).status }).data ?? 'nothing'}</p>;
    await stage.leave();
    const page = stage.show(<Feed />);
    await stage.until(() => expect(page.textContent).toBe('200'));
    cleanup();
    await stage.advance(10);
    await stage.enter('ember');
    stage.show(<Feed />);
    await stage.advance(500);
    expect(asked()).toBe(2);
  });
});
