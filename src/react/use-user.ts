import { useMemo } from 'react';
import { AuthError, invalidConfig } from '../core/model/auth-error.ts';
import { decodeClaims, type Claims } from '../core/model/token-set.ts';
import { useSnapshot } from './use-snapshot.ts';

/** The part of a Standard Schema that `useUser` needs. Zod, Valibot, ArkType and others have it. */
export interface UserSchema<T> {
  readonly '~standard': {
    readonly validate: (value: unknown) => UserResult<T> | Promise<UserResult<T>>;
  };
}

/** The result of a validation. */
export type UserResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly { readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined }[] };

/**
 * Returns the claims of the signed-in user's ID token; `null` if no user is signed in, or if the session has no ID token.
 *
 * The object changes only with the claims, not at each refresh. The signature is not checked: the token came from the server itself.
 *
 * @throws AuthError `invalid_config` outside an `AuthProvider`
 * @see OpenID Connect Core section 2
 * @example
 * ```tsx
 * import { useUser } from 'unexpired';
 * function Greeting() {
 *   const user = useUser();
 *   return user && <p>Hello {String(user['name'] ?? user.sub)}</p>;
 * }
 * ```
 */
export function useUser(): Claims | null;
/**
 * Returns the claims of the user's ID token, validated and typed by a schema.
 *
 * @param schema a Standard Schema, such as one of Zod or Valibot, created outside the component
 * @throws AuthError `invalid_response` that names the claims that do not fit; `invalid_config` outside an `AuthProvider`, or for a schema
 * that is asynchronous
 * @example
 * ```tsx
 * import { useUser, type UserSchema } from 'unexpired';
 * declare const User: UserSchema<{ name: string }>; // such as z.object({ name: z.string() })
 * const Name = () => <b>{useUser(User)?.name}</b>;
 * ```
 */
export function useUser<T>(schema: UserSchema<T>): T | null;
export function useUser<T>(schema?: UserSchema<T>): T | Claims | null {
  const text = useSnapshot(({ tokens }) => claimsText(tokens?.extra?.['id_token']));
  return useMemo(() => {
    if (text === null) return null;
    const claims = JSON.parse(text) as Claims;
    return schema ? validated(schema, claims) : claims;
  }, [text, schema]);
}

/** The claims about the token itself, which are new after each refresh. */
const OF_THE_TOKEN = ['exp', 'iat', 'nbf', 'jti', 'nonce', 'at_hash', 'c_hash'];

/** Returns the claims about the user as text, so that a refresh renders nothing. */
function claimsText(idToken: unknown): string | null {
  const claims = typeof idToken === 'string' ? decodeClaims(idToken) : null;
  return claims && JSON.stringify(Object.fromEntries(Object.entries(claims).filter(([name]) => !OF_THE_TOKEN.includes(name))));
}

function validated<T>(schema: UserSchema<T>, claims: Claims): T {
  const result = schema['~standard'].validate(claims);
  if (result instanceof Promise) throw invalidConfig('schema', 'must validate at once, without a promise');
  if (!result.issues) return result.value;
  const names = result.issues.map(({ path = [] }) => path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.') || 'the whole');
  throw new AuthError('invalid_response', `The ID token does not fit the schema: ${names.join(', ')}.`);
}
