import type { Context } from 'hono';

/** Adds a `Set-Cookie` header that a package has written itself. */
export function addSetCookie(c: Context, headers: string | readonly string[] | undefined): void {
  for (const header of typeof headers === 'string' ? [headers] : headers ?? []) c.header('Set-Cookie', header, { append: true });
}
