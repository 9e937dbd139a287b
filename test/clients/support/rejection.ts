import { AuthError } from 'unexpired/core';

/** Returns the error that a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    (value) => {
      throw new Error(`resolved to ${JSON.stringify(value)} instead of rejecting`);
    },
    (error: Error) => error,
  );
}

/** Returns the code of an `AuthError`, and `undefined` for any other error. */
export function codeOf(error: unknown): string | undefined {
  return AuthError.is(error) ? error.code : undefined;
}
