import { http, HttpResponse, type HttpHandler } from 'msw';
import type { BonfireApi } from '../bonfire-api.ts';
import { isConnectionDrop } from '../connection-drop.ts';

/**
 * Lets an embedded API answer what an app sends, through Mock Service Worker: in a browser, in Storybook or in Node.
 *
 * @param api such as `createBonfireApi({ basePath: '/v1' })`
 * @param baseUrl what the app calls, such as `https://api.bonfire.camp/v1`; its path is the API's `basePath`
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
  return [
    http.all(`${baseUrl.replace(/\/+$/, '')}/*`, async ({ request }) => {
      try {
        return await api.fetch(request);
      } catch (error) {
        if (isConnectionDrop(error) || request.signal.aborted) return HttpResponse.error();
        throw error;
      }
    }),
  ];
}
