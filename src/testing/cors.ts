import { headerOf } from './carried-headers.ts';

/** Answers a preflight request; returns `null` for any other request. */
export function preflightAnswer(request: Request): Response | null {
  if (request.method !== 'OPTIONS' || !request.headers.has('Access-Control-Request-Method')) return null;
  const requested = request.headers.get('Access-Control-Request-Headers');
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE',
      'Access-Control-Allow-Headers': requested ? `Authorization, Content-Type, ${requested}` : 'Authorization, Content-Type',
      'Access-Control-Max-Age': '600',
    },
  });
}

/**
 * Allows the origin of the request to read the answer.
 *
 * @param exposed the response headers that its scripts can read
 * @param withCredentials whether its scripts can send cookies
 */
export function withCors(request: Request, response: Response, exposed: readonly string[], withCredentials: boolean): Response {
  const origin = headerOf(request, 'Origin');
  response.headers.append('Vary', 'Origin');
  if (origin === null) return response;
  response.headers.set('Access-Control-Allow-Origin', origin);
  if (withCredentials) response.headers.set('Access-Control-Allow-Credentials', 'true');
  if (exposed.length > 0) response.headers.set('Access-Control-Expose-Headers', exposed.join(', '));
  return response;
}
