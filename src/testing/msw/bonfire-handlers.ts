import { http, HttpResponse, type HttpHandler } from 'msw';
import type { BonfireApi } from '../bonfire-api.ts';
import { isConnectionDrop } from '../connection-drop.ts';
import { createCookieJar } from '../cookie-jar.ts';
import { checkBaseUrl, checkFunction } from '../option-check.ts';

/**
 * Creates handlers for Mock Service Worker with which an embedded API answers the app's requests.
 *
 * They work in a browser, in Storybook and in Node. If the API keeps refresh tokens in a cookie, the handlers share one cookie
 * jar, because no browser stores the cookies of an answer that a script makes.
 *
 * @param api an embedded API, such as `createBonfireApi({ basePath: '/v1' })`
 * @param baseUrl the base URL of the app, such as `https://api.bonfire.camp/v1`; its path is the API's `basePath`
 * @throws TypeError or RangeError that names the argument, its rule and its value
 * @example
 * ```ts
 * import { setupServer } from 'msw/node';
 * import { createBonfireApi } from 'unexpired/testing';
 * import { bonfireHandlers } from 'unexpired/testing/msw';
 * const api = createBonfireApi();
 * const server = setupServer(...bonfireHandlers(api, 'https://api.bonfire.camp/v1'));
 * server.listen();
 * ```
 */
export function bonfireHandlers(api: Pick<BonfireApi, 'fetch'>, baseUrl: string): HttpHandler[] {
  checkFunction('api.fetch', api?.fetch);
  checkBaseUrl('baseUrl', baseUrl);
  const jar = createCookieJar(api.fetch);
  return [
    http.all(`${baseUrl.replace(/\/+$/, '')}/*`, async ({ request }) => {
      try {
        jar.attach(request);
        const response = await api.fetch(request);
        jar.store(request, response);
        return response;
      } catch (error) {
        if (isConnectionDrop(error) || request.signal.aborted) return HttpResponse.error();
        throw error;
      }
    }),
  ];
}
