import { QueryClient, useMutation, useQuery } from '@tanstack/react-query';
import type { ControlApi } from './control-api.ts';

/** A cache of its own: the API's state belongs to no user and outlives the user's cache. */
export const controlCache = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } });

/** Begins the keys of all that belongs to the demo, not to a user. */
const STATE = ['control'] as const;
const POLL_MS = 1000;

/** Reads the state of the embedded API once a second. */
export function useControlState(api: ControlApi) {
  return useQuery({ queryKey: [...STATE, 'api'], queryFn: ({ signal }) => api.readState(signal), refetchInterval: POLL_MS }, controlCache);
}

/** Changes the embedded API, then reads its state again. */
export function useControl<T>(act: (input: T) => Promise<void>) {
  return useMutation({ mutationFn: act, onSettled: () => controlCache.invalidateQueries({ queryKey: STATE }) }, controlCache);
}
