/** The answer to a preflight request, or `null` when the request is none. */
export function preflightAnswer(request: Request): Response | null {
  if (request.method !== 'OPTIONS' || !request.headers.has('Access-Control-Request-Method')) return null;
  const asked = request.headers.get('Access-Control-Request-Headers');
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE',
      'Access-Control-Allow-Headers': asked ? `Authorization, Content-Type, ${asked}` : 'Authorization, Content-Type',
      'Access-Control-Max-Age': '600',
    },
  });
}

/**
 * Opens an answer to the origin that asks, whichever it is.
 *
 * @param exposed response headers that its scripts may read
 */
export function withCors(request: Request, response: Response, exposed: readonly string[]): Response {
  const origin = request.headers.get('Origin');
  response.headers.append('Vary', 'Origin');
  if (origin === null) return response;
  response.headers.set('Access-Control-Allow-Origin', origin);
  if (exposed.length > 0) response.headers.set('Access-Control-Expose-Headers', exposed.join(', '));
  return response;
}
