import { memory } from '../../dist/core.js';
import { LOADERS } from '../peers/index.ts';
import type { PeerName } from '../peers/names.ts';
import type { Call } from '../peers/peer.ts';
import { clientOf } from '../peers/unexpired.ts';
import { TIMINGS, WARM_UPS, WIDTH } from '../scenarios/hot-path.ts';
import { median, rotated } from '../scenarios/table.ts';
import type { TokenAnswer } from '../server/family.ts';
import { timeCalls } from './hot-path.ts';

const [, , names] = process.argv;
const api = { origin: 'https://bench.test', base: 'https://bench.test/api' };

const stored = new Map<string, string>();
const storage = {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => void stored.set(key, value),
  removeItem: (key: string) => void stored.delete(key),
  key: (index: number) => [...stored.keys()][index] ?? null,
  get length() {
    return stored.size;
  },
};
Object.assign(globalThis, { localStorage: storage, WebSocket: class {} }); // supabase-js requires a WebSocket and does not open it.
globalThis.fetch = () => Promise.resolve(new Response('{"data":{}}', { headers: { 'content-type': 'application/json' } }));
console.log = console.warn = () => {};

function jwt(): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ sub: 'camper', iat: now, exp: now + 3600 })}.signature`;
}

const tokens: TokenAnswer = { access_token: jwt(), refresh_token: jwt(), id_token: jwt(), token_type: 'Bearer', expires_in: 3600, scope: 'openid' };
async function open(name: PeerName): Promise<Call> {
  const { peer } = await LOADERS[name]();
  await peer.signIn(api, tokens);
  return peer.open(api);
}

/** Node has no IndexedDB that would keep a session, so the client that signs in also makes the calls. */
async function openOurs(): Promise<Call> {
  const auth = clientOf(api, memory());
  await auth.signIn({ accessToken: tokens.access_token, refreshToken: tokens.refresh_token, expiresAt: Date.now() + 3_600_000, scopes: [] });
  return async (path) => (await auth.fetch(path)).status;
}

const calls: { name: PeerName; call: Call; one: number[]; many: number[] }[] = [];
for (const name of (names ?? '').split(',') as PeerName[]) {
  calls.push({ name, call: await (name === 'unexpired' ? openOurs() : open(name)), one: [], many: [] });
}
for (let timing = -WARM_UPS; timing < TIMINGS; timing += 1) {
  for (const { call, one, many } of rotated(calls, timing + WARM_UPS)) {
    const timed = [await timeCalls(call, 1), await timeCalls(call, WIDTH)] as const;
    if (timing < 0) continue;
    one.push(timed[0]);
    many.push(timed[1]);
  }
}
process.stdout.write(`\n${JSON.stringify(Object.fromEntries(calls.map(({ name, one, many }) => [name, { one: median(one), many: median(many) }])))}`, () => process.exit(0));
