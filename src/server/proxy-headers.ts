import type { Protocol } from '../core/model/protocol.ts';

/** Headers of one connection (RFC 9110 section 7.6.1). */
const CONNECTION = ['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings', 'proxy-.*'];

/**
 * Headers of a request that stay here: credentials of this server, statements about the browser and its address that the browser
 * could invent, and those that change the path or the method behind the back of the proxy.
 */
const NOT_SENT = namesOf([
  ...CONNECTION, 'host', 'content-length', 'expect', 'accept-encoding', 'via', 'max-forwards',
  'cookie2?', 'authorization', 'dpop', 'x-session', 'x-csrf',
  'origin', 'referer', 'sec-.*', 'access-control-.*',
  'forwarded', 'x-forwarded.*', 'x-real-ip', 'x-client-ip', 'x-cluster-client-ip', 'true-client-ip', 'cf-.*', 'fastly-.*', 'x-host',
  'x-original-.*', 'x-rewrite-url', 'x-http-method.*', 'x-method-override',
]);

/**
 * Headers of an answer that stay here: those that would speak for this origin to the browser, and those that servers and caches
 * in front of this one obey.
 */
const NOT_RETURNED = namesOf([
  ...CONNECTION, 'content-encoding', 'set-.*', 'sec-.*', 'secure-session-.*', 'access-control-.*', 'timing-allow-origin', 'x-session.*', 'dpop-nonce',
  'alt-svc', 'clear-site-data', 'strict-transport-security', 'public-key-pins.*', 'expect-ct', 'nel', 'report-to', 'reporting-endpoints',
  'content-security-policy.*', 'service-worker-allowed', 'refresh', 'location', 'content-location',
  'cache-control', '.*-cache-control', 'surrogate-.*', 'expires', 'pragma', 'age', 'vary',
  'x-accel-.*', 'x-sendfile.*', 'x-lighttpd-.*', 'x-litespeed-.*', 'x-reproxy-.*',
]);

/** The codings that each `fetch` decodes, and no other. */
const DECODED = /^(?:(?:x-)?gzip|deflate|br)(?:[ \t]*,[ \t]*(?:(?:x-)?gzip|deflate|br))*$/i;

/** A challenge that a browser answers by asking the user for a password. */
const PROMPT = /(?:^|,)\s*(?:basic|digest|negotiate|ntlm)\b/i;

type Pairs = [name: string, value: string][];

/**
 * Returns the headers for the API. It asks for no compression, because `fetch` would decompress the answer.
 *
 * @param tokenHeader the header that carries the access token
 * @see RFC 9110 sections 7.6.1 and 7.6.3
 */
export function headersToSend(headers: Headers, tokenHeader: string): Pairs {
  const own = tokenHeader.toLowerCase();
  const kept = without(headers, NOT_SENT).filter(([name]) => name !== own);
  return [...kept, ['accept-encoding', 'identity'], ['via', '1.1 unexpired']];
}

/**
 * Returns the headers for the browser, or `null` if the body has a coding that was not asked for and that some runtimes decode.
 *
 * @param translate translates an address of the API; `null` for none
 * @param hasBody false if the answer has no body, such as that to HEAD
 */
export function headersToReturn(headers: Headers, hasBody: boolean, translate: (location: string) => string | null): Headers | null {
  const coding = headers.get('content-encoding') ?? 'identity';
  const isPlain = /^identity$/i.test(coding);
  if (hasBody && !isPlain && !DECODED.test(coding)) return null;
  const kept = new Headers(without(headers, NOT_RETURNED));
  if (!isPlain) kept.delete('content-length'); // It is that of the compressed body.
  if (PROMPT.test(kept.get('www-authenticate') ?? '')) kept.delete('www-authenticate');
  for (const name of ['location', 'content-location']) {
    const address = headers.get(name);
    const own = address === null ? null : translate(address);
    if (own !== null) kept.set(name, own);
  }
  const isStream = isEventStream(headers);
  const isFixed = isStream || /\bno-transform\b/i.test(headers.get('cache-control') ?? '');
  kept.set('cache-control', `private, no-store${isFixed ? ', no-transform' : ''}`);
  kept.set('vary', varyOf(headers.get('vary')));
  kept.set('content-security-policy', 'sandbox'); // An answer that is opened as a page runs no script of the API in this origin.
  kept.set('x-content-type-options', 'nosniff');
  if (isStream) kept.set('x-accel-buffering', 'no');
  return kept;
}

/** Whether an answer is a stream of Server-Sent Events. */
export function isEventStream(headers: Headers): boolean {
  return /^text\/event-stream\b/i.test(headers.get('content-type') ?? '');
}

function varyOf(vary: string | null): string {
  return vary === null || /\bcookie\b/i.test(vary) ? vary ?? 'cookie' : `${vary}, cookie`;
}

/** Leaves out headers by their names, and those that `Connection` names. */
function without(headers: Headers, names: RegExp): Pairs {
  const listed = (headers.get('connection') ?? '').toLowerCase().split(',').map((name) => name.trim());
  return [...headers].filter(([name]) => !names.test(name) && !listed.includes(name));
}

function namesOf(patterns: readonly string[]): RegExp {
  return new RegExp(`^(?:${patterns.join('|')})$`);
}

/** Whether the API wants another proof. The sender has kept the nonce, and the body is gone, so the page sends the request again. */
export function isNonceWanted({ proofs }: Protocol, { status, headers }: Response): boolean {
  return proofs !== undefined && status === 401 && /\buse_dpop_nonce\b/.test(headers.get('www-authenticate') ?? '');
}
