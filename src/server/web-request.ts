import { invalidConfig } from '../core/model/auth-error.ts';
import { urlOf } from '../core/model/http-url.ts';

/**
 * Returns the headers of a request.
 *
 * @throws AuthError `invalid_config` with the field `request`, if it is no web-standard request
 */
export function headersOf(request: Pick<Request, 'headers'>): Headers {
  return typeof request?.headers?.get === 'function' ? request.headers : refuse();
}

/** Returns the path of a request. It throws as {@link headersOf}. */
export function pathOf(request: Pick<Request, 'headers' | 'url'>): string {
  headersOf(request);
  return urlOf(request.url)?.pathname ?? refuse();
}

function refuse(): never {
  throw invalidConfig('request', 'must be a web-standard `Request` with an absolute address; make one of a request of Node or Express, for example with `getRequestListener` of @hono/node-server; for `of` and `signIn`, `{ headers: new Headers({ cookie: request.headers.cookie ?? "" }) }` is enough');
}
