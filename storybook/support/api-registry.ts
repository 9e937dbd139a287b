import type { BonfireApi } from 'unexpired/testing';

/** The address of the embedded APIs, on the page's own host. */
export const ROOT = new URL('./v1/', document.baseURI).href;

interface ApiWindow extends Window {
  storyApis?: Map<string, BonfireApi>;
}

/** The embedded APIs by setup. A docs page shows many stories at once, and each has its own. */
function apisOf(page: ApiWindow): Map<string, BonfireApi> {
  return (page.storyApis ??= new Map());
}

/** Registers an API for `answerBySetup`. */
export function registerApi(setupId: string, api: BonfireApi): void {
  apisOf(window).set(setupId, api);
}

/** Answers a request to a setup's API. A page in a frame can use an API of the page around it. */
export async function answerBySetup(request: Request): Promise<Response> {
  const [setupId = ''] = request.url.slice(ROOT.length).split('/');
  const api = apisOf(window).get(setupId) ?? apisOf(window.parent).get(setupId);
  return api ? api.fetch(request) : new Response('There is no setup with this id.', { status: 404 });
}
