import { useMutation, type DefaultError, type MutationFunctionContext, type UseMutationOptions, type UseMutationResult } from '@tanstack/react-query';
import { useAuthQuery } from './auth-query-context.ts';
import { inSession, type AuthedContext } from './session-fetch.ts';

/** A mutation function that gets `authedFetch` in TanStack's context. */
export type AuthedMutationFn<TData, TVariables> = (variables: TVariables, context: MutationFunctionContext & AuthedContext) => Promise<TData>;

/** The options of `useMutation`, whose `mutationFn` gets `authedFetch` in its context. */
export type UseAuthedMutationOptions<TData, TError = DefaultError, TVariables = void, TOnMutateResult = unknown> = Omit<
  UseMutationOptions<TData, TError, TVariables, TOnMutateResult>,
  'mutationFn'
> & { readonly mutationFn?: AuthedMutationFn<TData, TVariables> };

/**
 * Runs mutations for the signed-in user, as `useMutation` does.
 *
 * A mutation ends with its session: its result is removed, its callbacks are not called, and what it has not sent yet is
 * never sent. A mutation that starts while no user is signed in fails with `signed_out`.
 *
 * @param options those of `useMutation`; `mutationFn` gets `authedFetch` in its context
 * @returns the result of `useMutation`
 * @throws AuthError `invalid_config` outside an `AuthQueryProvider`
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
  const authed: Pick<UseMutationOptions<TData, TError, TVariables>, 'mutationFn'> = mutationFn
    ? { mutationFn: async (variables, context) => inSession(client, (authedFetch) => mutationFn(variables, { ...context, authedFetch })) }
    : {}; // A default of TanStack may provide it.
  return useMutation({ ...(options as UseMutationOptions<TData, TError, TVariables, TOnMutateResult>), ...authed }, queryClient);
}
