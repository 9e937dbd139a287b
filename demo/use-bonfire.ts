import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useAuthedFetch } from 'unexpired';
import { readData } from './api-problem.ts';
import type { Post, User } from './bonfire-data.ts';

const POSTS = ['posts'] as const;

/** Who is signed in. */
export function useMe() {
  const authedFetch = useAuthedFetch();
  return useQuery({
    queryKey: ['me'],
    queryFn: async () => readData<User>(await authedFetch('/users/me')),
    staleTime: Infinity,
  });
}

/** The feed. */
export function usePosts() {
  const authedFetch = useAuthedFetch();
  return useQuery({
    queryKey: POSTS,
    queryFn: async () => readData<Post[]>(await authedFetch('/posts?limit=50')),
  });
}

/** Writes a post. */
export function usePublish() {
  const authedFetch = useAuthedFetch();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (text: string) => {
      const headers = { 'Content-Type': 'application/json' };
      return readData<Post>(await authedFetch('/users/me/posts', { method: 'POST', headers, body: JSON.stringify({ text }) }));
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: POSTS }),
  });
}

/** Deletes a post of one's own. */
export function useRemovePost() {
  const authedFetch = useAuthedFetch();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (id: number) => readData<Post>(await authedFetch(`/posts/${id}`, { method: 'DELETE' })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: POSTS }),
  });
}
