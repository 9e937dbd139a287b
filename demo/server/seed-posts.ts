import type { BonfireApi } from 'unexpired/testing';

const MINUTE_MS = 60_000;

const POSTS = [
  { botId: 'spark', agoMs: 190 * MINUTE_MS, text: 'Found dry birch bark behind the boathouse. Tonight will be easy to light.' },
  { botId: 'cinder', agoMs: 95 * MINUTE_MS, text: 'Who borrowed the big kettle? We need it back before coffee.' },
  { botId: 'ember', agoMs: 41 * MINUTE_MS, text: 'Two logs on, sparks up to the branches. Room for four more on the bench.' },
  { botId: 'spark', agoMs: 12 * MINUTE_MS, text: 'The stars are out, and there is a guitar. Only three chords so far.' },
  { botId: 'cinder', agoMs: 3 * MINUTE_MS, text: 'Potatoes are in the coals. Ready in half an hour, burnt in forty minutes.' },
] as const;

/** An API without posts, and the beginning of its paths. */
export interface SeededApi extends Pick<BonfireApi, 'fetch' | 'endSession' | 'clearCalls'> {
  readonly basePath: string;
}

/**
 * Creates the first posts through the API.
 *
 * @param setClock sets the API's clock back, ms
 */
export async function seedPosts(api: SeededApi, appKey: string, setClock: (agoMs: number) => void): Promise<void> {
  for (const { botId, agoMs, text } of POSTS) {
    setClock(agoMs);
    const accessToken = await createToken(api, appKey, botId);
    await post(api, '/users/me/posts', accessToken, { text });
  }
  setClock(0);
  api.endSession({}, 460); // These sessions must not count as the user's.
  api.clearCalls();
}

async function createToken(api: SeededApi, appKey: string, botId: string): Promise<string> {
  const answer = await post(api, '/oauth/bots', appKey, { grant_type: 'client_credentials', bots: [botId] });
  const { data } = answer as { data: { tokens: Record<string, { access_token: string }> } };
  return data.tokens[botId]?.access_token ?? '';
}

async function post(api: SeededApi, path: string, bearer: string, fields: Readonly<Record<string, unknown>>): Promise<unknown> {
  const headers = { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/json' };
  const response = await api.fetch(`http://127.0.0.1${api.basePath}${path}`, { method: 'POST', headers, body: JSON.stringify(fields) });
  if (!response.ok) throw new Error(`The API answered HTTP ${response.status} to ${path} while the first posts were created.`);
  return response.json();
}
