import { AuthError } from 'unexpired/core';

/** The error a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    (value) => {
      throw new Error(`resolved to ${JSON.stringify(value)} instead of rejecting`);
    },
    (error: Error) => error,
  );
}

/** The code of the `AuthError` that an error is. */
export function codeOf(error: unknown): string | undefined {
  return AuthError.is(error) ? error.code : undefined;
}
