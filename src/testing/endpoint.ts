// Ordered: `/posts/stream` has to be told from `/posts/{id}`.
const PATHS = {
  create: '/oauth/bots',
  refresh: '/oauth',
  me: '/users/me',
  myPosts: '/users/me/posts',
  posts: '/posts',
  stream: '/posts/stream',
  post: '/posts/:id',
} as const;

/** The API's endpoints by name; each is one path, whatever the method. `unknown` is every other path. */
export type Endpoint = keyof typeof PATHS | 'unknown';

/** Every endpoint name, `unknown` included. */
export const ENDPOINTS: readonly Endpoint[] = [...(Object.keys(PATHS) as (keyof typeof PATHS)[]), 'unknown'];

/** The route of a known endpoint, below the base path. */
export function pathOf<E extends Exclude<Endpoint, 'unknown'>>(endpoint: E): (typeof PATHS)[E] {
  return PATHS[endpoint];
}

/** Names the endpoint that a URL's path leads to. */
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
