import type { BonfireApi } from 'unexpired/testing';

/** Beside the page, so that nothing goes to another host. */
export const ROOT = new URL('./v1/', document.baseURI).href;

interface ApiWindow extends Window {
  storyApis?: Map<string, BonfireApi>;
}

/** The embedded APIs of this page's scenes, by scene: on a page of the docs many are live at once. */
function apisOf(page: ApiWindow): Map<string, BonfireApi> {
  return (page.storyApis ??= new Map());
}

/** Puts an API where `answerByScene` finds it. */
export function registerApi(sceneId: string, api: BonfireApi): void {
  apisOf(window).set(sceneId, api);
}

/** Answers what is sent to a scene's API; a frame may call the API of the page around it. */
export async function answerByScene(request: Request): Promise<Response> {
  const [sceneId = ''] = request.url.slice(ROOT.length).split('/');
  const api = apisOf(window).get(sceneId) ?? apisOf(window.parent).get(sceneId);
  return api ? api.fetch(request) : new Response('No such scene.', { status: 404 });
}
