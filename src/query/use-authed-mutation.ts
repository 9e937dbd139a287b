import { useMutation, type DefaultError, type MutationFunctionContext, type UseMutationOptions, type UseMutationResult } from '@tanstack/react-query';
import { useAuthQuery } from './auth-query-context.ts';
import { sessionFetch, type AuthedContext } from './session-fetch.ts';

/** A mutation function with TanStack's context and `authedFetch` in it. */
export type AuthedMutationFn<TData, TVariables> = (variables: TVariables, context: MutationFunctionContext & AuthedContext) => Promise<TData>;

/** `useMutation`'s options, where `mutationFn` gets `authedFetch` in its context. */
export type UseAuthedMutationOptions<TData, TError = DefaultError, TVariables = void, TOnMutateResult = unknown> = Omit<
  UseMutationOptions<TData, TError, TVariables, TOnMutateResult>,
  'mutationFn'
> & { readonly mutationFn: AuthedMutationFn<TData, TVariables> };

/**
 * `useMutation` for whoever is signed in.
 *
 * Nothing of it outlives the session: its result is gone with the user, and its callbacks are not called any more.
 *
 * @param options `useMutation`'s, where `mutationFn` gets `authedFetch` in its context
 * @throws AuthError `invalid_config` outside an `AuthQueryProvider`; a mutation made while nobody is signed in fails with `signed_out`
 * @example
 * ```tsx
 * import { useAuthedMutation } from 'unexpired/query';
 * function Publish({ text }: { text: string }) {
 *   const publish = useAuthedMutation({
 *     mutationFn: (body: { text: string }, { authedFetch }) => authedFetch('/users/me/posts', { method: 'POST', body: new URLSearchParams(body) }),
 *   });
 *   return <button onClick={() => publish.mutate({ text })}>Publish</button>;
 * }
 * ```
 */
export function useAuthedMutation<TData, TError = DefaultError, TVariables = void, TOnMutateResult = unknown>(
  options: UseAuthedMutationOptions<TData, TError, TVariables, TOnMutateResult>,
): UseMutationResult<TData, TError, TVariables, TOnMutateResult> {
  const { client, queryClient } = useAuthQuery();
  const { mutationFn } = options;
  return useMutation(
    { ...options, mutationFn: async (variables, context) => mutationFn(variables, { ...context, authedFetch: await sessionFetch(client) }) },
    queryClient,
  );
}
