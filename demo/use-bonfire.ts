import { useQueryClient } from '@tanstack/react-query';
import { useAuthedMutation, useAuthedQuery } from 'unexpired/query';
import { readData } from './api-problem.ts';
import type { Post, User } from './bonfire-data.ts';

const POSTS = ['posts'] as const;

/** Reads the signed-in user. */
export function useMe() {
  return useAuthedQuery({
    queryKey: ['me'],
    queryFn: async ({ authedFetch }) => readData<User>(await authedFetch('/users/me')),
    staleTime: Infinity,
  });
}

/** Reads the feed. */
export function usePosts() {
  return useAuthedQuery({
    queryKey: POSTS,
    queryFn: async ({ authedFetch }) => readData<Post[]>(await authedFetch('/posts?limit=50')),
  });
}

/** Publishes a post. */
export function usePublish() {
  const queryClient = useQueryClient();
  return useAuthedMutation({
    mutationFn: async (text: string, { authedFetch }) => {
      const headers = { 'Content-Type': 'application/json' };
      return readData<Post>(await authedFetch('/users/me/posts', { method: 'POST', headers, body: JSON.stringify({ text }) }));
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: POSTS }),
  });
}

/** Deletes one of the user's own posts. */
export function useRemovePost() {
  const queryClient = useQueryClient();
  return useAuthedMutation({
    mutationFn: async (id: number, { authedFetch }) => readData<Post>(await authedFetch(`/posts/${id}`, { method: 'DELETE' })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: POSTS }),
  });
}
