import ky from 'ky';
import { AuthError, type AuthClient } from 'unexpired/core';

export const kyClient = (auth: AuthClient, baseUrl: string) =>
  ky.create({
    prefixUrl: baseUrl, // ky 2: prefix
    fetch: auth.fetch,
    retry: { shouldRetry: ({ error }) => (AuthError.is(error) ? false : undefined) }, // auth.fetch has already retried
  });
