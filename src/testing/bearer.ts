import { ApiError } from './api-error.ts';

/** Who makes a request: nobody that can be read, the application, or whoever holds this access token. */
export type Bearer = { readonly kind: 'none' } | { readonly kind: 'app' } | { readonly kind: 'token'; readonly raw: string };

/** Reads an `Authorization` header. */
export function readBearer(header: string | null, appKey: string): Bearer {
  const raw = /^bearer +(\S+)$/i.exec(header ?? '')?.[1];
  if (raw === undefined) return { kind: 'none' };
  return raw === appKey ? { kind: 'app' } : { kind: 'token', raw };
}

/** Throws unless the bearer is the App Key: error 400 for none, 452 for anything else. */
export function requireApp(bearer: Bearer): void {
  if (bearer.kind === 'none') throw new ApiError(400);
  if (bearer.kind === 'token') throw new ApiError(452);
}

/** The access token; throws error 400 for no bearer, 420 for the App Key. */
export function requireToken(bearer: Bearer): string {
  if (bearer.kind === 'none') throw new ApiError(400);
  if (bearer.kind === 'app') throw new ApiError(420);
  return bearer.raw;
}
