import { createAuthClient, memory } from '../../dist/core.js';
import { dpop } from '../../dist/dpop.js';
import { oauth2 } from '../../dist/oauth2.js';
import type { Call } from '../peers/peer.ts';
import { timeCalls } from './hot-path.ts';

const base = 'https://bench.test/api';
const answer = { access_token: 'an-access-token', refresh_token: 'a-refresh-token', token_type: 'DPoP', expires_in: 3600 };

globalThis.fetch = (input) => Promise.resolve(Response.json(`${input as string}`.endsWith('/oauth/token') ? answer : {}));

/** Signs in with a bearer token. With a key, the first refresh binds the tokens to it. */
async function open(proofs: ReturnType<typeof dpop> | undefined): Promise<Call> {
  const auth = createAuthClient({ protocol: oauth2({ tokenEndpoint: `${base}/oauth/token`, clientId: 'bench', resourceOrigins: ['https://bench.test'], baseUrl: base, dpop: proofs }), storage: memory() });
  await auth.signIn({ accessToken: 'a-token', refreshToken: 'a-refresh-token', expiresAt: Date.now() + 3_600_000, scopes: [] });
  if (proofs) await auth.refresh();
  return async (path) => (await auth.fetch(path)).status;
}

const calls = { bearer: await open(undefined), bound: await open(dpop({ keys: memory() })) };
const times = { bearer: [] as number[], bound: [] as number[] };
for (let round = -10; round < Number(process.argv[2]); round += 1) {
  for (const kind of ['bearer', 'bound'] as const) {
    const time = await timeCalls(calls[kind], 1);
    if (round >= 0) times[kind].push(time); // The first rounds warm up.
  }
}
process.stdout.write(`\n${JSON.stringify(times)}`, () => process.exit(0));
