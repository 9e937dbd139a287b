import { adviseHiddenNonce } from '#advice';
import { AuthError } from '../core/model/auth-error.ts';
import type { ProofPlatform, Proofs } from '../core/model/proofs.ts';
import type { TokenSet } from '../core/model/token-set.ts';
import { askedBy, type Asked } from './asked.ts';
import { challengeIn, correctedOffset, type Challenge } from './challenge.ts';
import type { KeyName, Keys, NamedKey } from './keys.ts';
import { webCrypto } from './make-key.ts';
import { createProof, type ProofKey } from './proof.ts';

/** The header that this package adds to the answer of a token request: the name of its key as JSON, which is empty if the key is gone. A server cannot set it. */
export const KEY_HEADER = 'dpop-key';

/** What the servers have said so far. It lives as long as the page. */
interface Learnt {
  /** The latest nonce of each origin. */
  readonly nonces: Map<string, string>;
  /** API clock minus device clock of each origin that has refused a time, ms. */
  readonly offsets: Map<string, number>;
}

/** Creates the function that returns senders. */
export function createSenders(keys: Keys): Proofs['on'] {
  const learnt: Learnt = { nonces: new Map(), offsets: new Map() };
  return (platform, tokens, clockOffset) => {
    async function sendCall(asked: Asked, { accessToken, extra }: Pick<TokenSet, 'accessToken' | 'extra'>): Promise<Response> {
      if (extra?.['token_type'] !== 'DPoP') return asked.send(platform);
      const named = await keys.find(platform, extra);
      if (!named) throw keyLost();
      return sendProven({ platform, learnt, key: named.key, accessToken, clockOffset }, asked);
    }

    async function sendTokenRequest(asked: Asked): Promise<Response> {
      const named = await keyFor(keys, platform, tokens, clockOffset);
      if (named === undefined) return asked.send(platform);
      if (named === null) return answerWith(Response.json({ error: 'key_lost' }, { status: 400 }), {});
      return answerWith(await sendProven({ platform, learnt, key: named.key, accessToken: null, clockOffset }, asked), named.name);
    }

    return {
      async fetch(input, init) {
        const asked = askedBy(input, init);
        // A token request does not carry the access token of the session.
        const isCall = tokens !== null && tokens.accessToken !== '' && asked.authorization === `Bearer ${tokens.accessToken}`;
        return (isCall ? sendCall(asked, tokens) : sendTokenRequest(asked)).finally(asked.release);
      },
    };
  };
}

/** Resolves to the key of a token request; `null` if it is gone, and `undefined` if the request needs none. */
async function keyFor(keys: Keys, platform: ProofPlatform, tokens: Pick<TokenSet, 'extra'> | null, clockOffset: number | undefined): Promise<NamedKey | null | undefined> {
  const { extra } = tokens ?? {};
  if (extra?.['dpop_jkt'] !== undefined) return (await keys.find(platform, extra)) ?? (clockOffset === undefined ? undefined : null);
  return clockOffset === undefined ? undefined : keys.make(platform);
}

/** A request in the making. */
interface Proving {
  readonly platform: ProofPlatform;
  readonly learnt: Learnt;
  readonly key: ProofKey;
  readonly accessToken: string | null;
  readonly clockOffset: number | undefined;
}

/** Sends a request with a proof. It is sent once more if the server asks for a nonce, and once more if it refuses the time. */
async function sendProven({ platform, learnt: { nonces, offsets }, key, accessToken, clockOffset = 0 }: Proving, asked: Asked): Promise<Response> {
  const { url, method } = asked;
  const { origin } = new URL(url);
  const answered = new Set<Challenge>();
  for (;;) {
    const [nonce, offset, sentAt] = [nonces.get(origin), offsets.get(origin) ?? clockOffset, platform.now().wall];
    const dpop = await createProof(webCrypto(), key, { url, method, accessToken, nonce, jti: platform.randomId(), now: sentAt + offset });
    const response = await asked.send(platform, { dpop, ...(accessToken !== null && { authorization: `DPoP ${accessToken}` }) });
    noteNonce(nonces, origin, response);
    const challenge = await challengeIn(response, accessToken !== null);
    if (challenge === null || answered.has(challenge)) return response;
    if (challenge === 'use_dpop_nonce' && !response.headers.has('dpop-nonce')) adviseHiddenNonce(platform, origin);
    const corrected = correctedOffset(response, sentAt, offset);
    if (corrected !== null) offsets.set(origin, corrected);
    if (asked.isOnce || (challenge === 'use_dpop_nonce' ? nonces.get(origin) === nonce : corrected === null)) return response;
    answered.add(challenge);
    void response.body?.cancel().catch(() => undefined);
  }
}

/** Keeps the nonce of an answer. That of a redirect to another origin belongs to that origin. */
function noteNonce(nonces: Map<string, string>, origin: string, { headers, redirected, url }: Response): void {
  const nonce = headers.get('dpop-nonce');
  if (nonce) nonces.set(redirected && url ? new URL(url).origin : origin, nonce);
}

/** Returns an answer that names the key of its request. */
function answerWith(response: Response, name: KeyName): Response {
  const headers = new Headers(response.headers);
  headers.set(KEY_HEADER, JSON.stringify(name));
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

function keyLost(): AuthError {
  return new AuthError('key_lost', 'The key that the tokens of this session are bound to is gone, for example because site data was cleared. Call `refresh()`, which ends the session, and let the user sign in again.');
}

