// The first match counts, so `/posts/stream` has to come before `/posts/:id`.
const PATHS = {
  create: '/oauth/bots',
  refresh: '/oauth',
  signOut: '/oauth/sign-out',
  me: '/users/me',
  myPosts: '/users/me/posts',
  posts: '/posts',
  stream: '/posts/stream',
  post: '/posts/:id',
} as const;

/** The name of an endpoint. Each endpoint is one path with all its methods; `unknown` is every other path. */
export type Endpoint = keyof typeof PATHS | 'unknown';

/** Every endpoint's name, with `unknown`. */
export const ENDPOINTS: readonly Endpoint[] = [...(Object.keys(PATHS) as (keyof typeof PATHS)[]), 'unknown'];

/** Returns the route of an endpoint, without the base path. */
export function pathOf<E extends Exclude<Endpoint, 'unknown'>>(endpoint: E): (typeof PATHS)[E] {
  return PATHS[endpoint];
}

/** Returns the endpoint of a URL's path. */
export function endpointOf(pathname: string, basePath: string): Endpoint {
  if (!pathname.startsWith(`${basePath}/`)) return 'unknown';
  const path = pathname.slice(basePath.length);
  return ENDPOINTS.find((endpoint) => endpoint !== 'unknown' && matches(PATHS[endpoint], path)) ?? 'unknown';
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return wanted.length === given.length && wanted.every((part, index) => part === given[index] || (part === ':id' && given[index] !== ''));
}
