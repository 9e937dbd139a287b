import { ApiError } from './api-error.ts';

/** The bearer of a request: none that can be read, the App Key (`app`), or another token. */
export type Bearer = { readonly kind: 'none' } | { readonly kind: 'app' } | { readonly kind: 'token'; readonly raw: string };

/** Reads the bearer from an `Authorization` header. */
export function readBearer(header: string | null, appKey: string): Bearer {
  const raw = /^bearer +(\S+)$/i.exec(header ?? '')?.[1];
  if (raw === undefined) return { kind: 'none' };
  return raw === appKey ? { kind: 'app' } : { kind: 'token', raw };
}

/** Checks that the bearer is the App Key; throws error 400 if there is none, 452 if it is another token. */
export function requireApp(bearer: Bearer): void {
  if (bearer.kind === 'none') throw new ApiError(400);
  if (bearer.kind === 'token') throw new ApiError(452);
}

/** Returns the bearer's token; throws error 400 if there is none, 420 if it is the App Key. */
export function requireToken(bearer: Bearer): string {
  if (bearer.kind === 'none') throw new ApiError(400);
  if (bearer.kind === 'app') throw new ApiError(420);
  return bearer.raw;
}
