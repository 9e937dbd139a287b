import type { BonfireApi } from 'unexpired/testing';

const MINUTE_MS = 60_000;

const POSTS = [
  { botId: 'spark', agoMs: 190 * MINUTE_MS, text: 'Found dry birch bark behind the boathouse. Tonight will be easy to light.' },
  { botId: 'cinder', agoMs: 95 * MINUTE_MS, text: 'Whoever borrowed the big kettle: it is missed. No questions asked before coffee.' },
  { botId: 'ember', agoMs: 41 * MINUTE_MS, text: 'Two logs on, sparks up to the branches. Room for four more on the bench.' },
  { botId: 'spark', agoMs: 12 * MINUTE_MS, text: 'The stars are out, and somebody brought a guitar. Only three chords so far.' },
  { botId: 'cinder', agoMs: 3 * MINUTE_MS, text: 'Potatoes are in the coals. Ready in half an hour, burnt in forty minutes.' },
] as const;

/**
 * Writes the posts that a visitor finds, through the API itself.
 *
 * @param setClock puts the API's clock this far into the past, ms
 */
export async function seedPosts(api: BonfireApi, appKey: string, setClock: (agoMs: number) => void): Promise<void> {
  for (const { botId, agoMs, text } of POSTS) {
    setClock(agoMs);
    const accessToken = await createToken(api, appKey, botId);
    await post(api, '/users/me/posts', accessToken, { text });
  }
  setClock(0);
  api.endSession({}, 460); // The visitor's own session is the first one that counts.
  api.clearCalls();
}

async function createToken(api: BonfireApi, appKey: string, botId: string): Promise<string> {
  const answer = await post(api, '/oauth/bots', appKey, { grant_type: 'client_credentials', bots: [botId] });
  const { data } = answer as { data: { tokens: Record<string, { access_token: string }> } };
  return data.tokens[botId]?.access_token ?? '';
}

async function post(api: BonfireApi, path: string, bearer: string, fields: Readonly<Record<string, unknown>>): Promise<unknown> {
  const headers = { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/json' };
  const response = await api.fetch(`http://127.0.0.1/v1${path}`, { method: 'POST', headers, body: JSON.stringify(fields) });
  if (!response.ok) throw new Error(`Seeding ${path} was answered with HTTP ${response.status}.`);
  return response.json();
}
