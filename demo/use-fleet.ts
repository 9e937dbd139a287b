import { useQuery } from '@tanstack/react-query';
import { readFleet, stopInstance } from './fleet-api.ts';
import { controlCache, useControl } from './use-control.ts';

const POLL_MS = 500;

/** Reads the instances of the server twice a second. */
export function useFleet() {
  return useQuery({ queryKey: ['control', 'fleet'], queryFn: ({ signal }) => readFleet(signal), refetchInterval: POLL_MS }, controlCache);
}

/** Stops an instance, then reads the state again. */
export function useStopInstance() {
  return useControl(stopInstance);
}
