import { QueryClient, useMutation, useQuery } from '@tanstack/react-query';
import type { ControlApi } from './control-api.ts';

/** Of its own: the API's state is nobody's data, and outlives the user's cache. */
const controlCache = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } });

const STATE = ['control'] as const;
const POLL_MS = 1000;

/** The state of the embedded API, once a second. */
export function useControlState(api: ControlApi) {
  return useQuery({ queryKey: STATE, queryFn: ({ signal }) => api.readState(signal), refetchInterval: POLL_MS }, controlCache);
}

/** Does something to the embedded API, and looks at its state again. */
export function useControl<T>(act: (input: T) => Promise<void>) {
  return useMutation({ mutationFn: act, onSuccess: () => controlCache.invalidateQueries({ queryKey: STATE }) }, controlCache);
}
