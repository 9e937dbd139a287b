import type { Drawn, RunDrawn } from '../ways.ts';
import { seen, seenError } from './case.ts';
import { home, open, other } from './open.ts';

/** How many clients call at the same time. Each has one call in flight. */
const LANES = 8;

type Pick = <T>(from: readonly [T, ...T[]]) => T;

/** A call that was drawn. It makes its arguments anew for each send, because a stream can be read once. */
interface DrawnCall {
  readonly text: string;
  readonly argumentsOf: (id: string, signal: AbortSignal | null) => Parameters<typeof fetch>;
  /** When the call is aborted: never, before it, or that many ms after it. */
  readonly abortAfterMs: number | null;
}

const REASON = { own: 'reason' };

/** Sends drawn calls natively and by clients whose every first send is rejected, and compares the outcomes. */
export const runDrawn: RunDrawn = async (seed, count, way): Promise<Drawn> => {
  const draw = drawing(seed);
  const calls = Array.from({ length: count }, () => drawCall(draw));
  const differences: Drawn['differences'][number][] = [];
  let rejections = 0;
  const prefix = crypto.randomUUID(); // The server counts the sends by id.
  await Promise.all(Array.from({ length: LANES }, async (_, lane) => {
    const natively = await open('natively', '');
    const ours = await open(way, `drawn:${seed}:${lane}`);
    for (let index = lane; index < count; index += LANES) {
      const call = calls[index]!;
      const expected = await outcomeOf(natively.fetch, call, `${prefix}.${index}.n`);
      const found = await outcomeOf(ours.fetch, call, `${prefix}.${index}.c`);
      if (!isSame(call, found, expected)) differences.push({ call: `${index}: ${call.text}`, natively: expected.outcome, ours: found.outcome });
    }
    rejections += ours.refreshes();
    ours.auth?.dispose();
  }));
  return { calls: count, rejections, differences };
};

interface Outcome {
  readonly outcome: unknown;
  /** Whether the call was pending when it was aborted. */
  readonly wasPending: boolean;
}

/** A call that is aborted may end before that with one of them and after it with the other, so only a pending one must reject. */
function isSame({ abortAfterMs }: DrawnCall, ours: Outcome, natively: Outcome): boolean {
  const equal = JSON.stringify(ours.outcome) === JSON.stringify(natively.outcome);
  if (abortAfterMs === null) return equal;
  return JSON.stringify(ours.outcome) === JSON.stringify({ thrown: REASON }) || (!ours.wasPending && (equal || natively.wasPending));
}

async function outcomeOf(send: typeof fetch, call: DrawnCall, id: string): Promise<Outcome> {
  const controller = new AbortController();
  const abort = () => controller.abort(REASON);
  let wasPending = false;
  let isSettled = false;
  if (call.abortAfterMs === 0) abort();
  const outcome = Promise.resolve()
    .then(() => {
      const answer = send(...call.argumentsOf(id, call.abortAfterMs === null ? null : controller.signal));
      answer.then(() => (isSettled = true), () => (isSettled = true));
      return answer;
    })
    .then(seen)
    .catch(seenError);
  const timer = call.abortAfterMs !== null && setTimeout(() => {
    wasPending = !isSettled;
    abort();
  }, call.abortAfterMs);
  const value: unknown = await outcome;
  if (timer) clearTimeout(timer);
  const text = JSON.stringify(value).replaceAll(id, 'ID').replace(/-{6}WebKitFormBoundary\w+/g, 'BOUNDARY'); // It is random.
  return { outcome: JSON.parse(text), wasPending };
}

function drawCall({ pick, chance, below }: ReturnType<typeof drawing>): DrawnCall {
  const method = pick(['GET', 'GET', 'GET', 'HEAD', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'post', 'patch', 'PROPFIND', 'a b']);
  const isBodiless = /^(get|head)$/i.test(method);
  const [bodyName, bodyOf] = isBodiless && !chance(0.05) ? NO_BODY : pick(BODIES);
  const [headersName, headersOf] = pick(method === 'a b' ? HEADERS_THAT_ARE_VALID : HEADERS); // With two mistakes, it would depend on the order which one is named.
  const isElsewhere = bodyName !== 'stream' && chance(0.2);
  const route = pick(ROUTES);
  const path = (id: string) => `${route}${route.includes('?') ? '&' : '?'}id=${id}&once=${id}`;
  const [inputName, inputOf] = isElsewhere ? pick([INPUTS[1], INPUTS[3]]) : bodyName === 'stream' ? INPUTS[3] : pick(INPUTS);
  const options = Object.fromEntries(OPTIONS.filter(() => chance(0.15)).map(([name, values]) => [name, pick(values)]));
  const abortAfterMs = chance(0.25) ? below(12) : null;
  const base = isElsewhere ? other : home;
  return {
    text: JSON.stringify({ method, route, body: bodyName, headers: headersName, input: inputName, isElsewhere, options, abortAfterMs }),
    abortAfterMs,
    argumentsOf: (id, signal) => {
      const body = bodyOf();
      const headers = headersOf();
      const members = { method, ...options, ...(signal && { signal }), ...(body !== undefined && { body }), ...(headers && { headers }), ...(bodyName === 'stream' && { duplex: 'half' }) };
      return inputOf(base, path(id), members as RequestInit);
    },
  };
}

type Named<T> = readonly [name: string, make: () => T];

const NO_BODY: Named<BodyInit | undefined> = ['none', () => undefined];
const BODIES: readonly [Named<BodyInit | undefined>, ...Named<BodyInit | undefined>[]] = [
  NO_BODY,
  ['text', () => 'hello'],
  ['empty', () => ''],
  ['bytes', () => new TextEncoder().encode('0123456789').subarray(2, 6)],
  ['blob', () => new Blob(['blob'], { type: 'text/x-own' })],
  ['search', () => new URLSearchParams({ a: 'b c' })],
  ['form', () => { const form = new FormData(); form.append('file', new Blob(['file']), 'a.txt'); return form; }],
  ['stream', () => new Blob(['streamed']).stream()],
  ['object', () => ({ toString: () => 'as text' }) as unknown as string],
];
const HEADERS_THAT_ARE_VALID: readonly [Named<HeadersInit | undefined>, ...Named<HeadersInit | undefined>[]] = [
  ['none', () => undefined],
  ['object', () => ({ 'X-Own': 'a', Accept: 'text/x-own' })],
  ['pairs', () => [['x-own', 'a'], ['X-Own', 'b']]],
  ['Headers', () => new Headers({ 'Content-Type': 'text/x-own' })],
];
const HEADERS = [...HEADERS_THAT_ARE_VALID, ['wrong', () => ({ 'x-own': 'a\nb' })]] as const satisfies typeof HEADERS_THAT_ARE_VALID;
const INPUTS: readonly [Input, Input, Input, Input, Input] = [
  ['path', (_, path, init) => [path, init]],
  ['address', (base, path, init) => [`${base}/v1/${path}#part`, init]],
  ['URL', (base, path, init) => [new URL(`${base}/v1/${path}`), init]],
  ['Request', (base, path, init) => [new Request(`${base}/v1/${path}`, init)]],
  ['Request with init', (base, path, init) => [new Request(`${base}/v1/${path}`, { headers: { 'x-own': 'request' } }), init]],
];
type Input = readonly [name: string, make: (base: string, path: string, init: RequestInit) => Parameters<typeof fetch>];
const ROUTES: readonly [string, ...string[]] = [
  'echo', 'echo', 'echo?q=für alle', 'names', 'status?code=200&text=fine', 'status?code=204', 'status?code=400&text=wrong', 'status?code=403&text=no', 'status?code=404&text=gone',
  'status?code=422&text=%7B%22error%22%3A%7B%22code%22%3A420%7D%7D', 'status?code=500&text=broken', 'status?code=503', 'redirect?code=302&to=echo', 'redirect?code=303&to=echo', 'redirect?code=307&to=echo',
  'nowhere', 'drop',
];
const OPTIONS: readonly (readonly [name: string, values: readonly [unknown, ...unknown[]]])[] = [
  ['credentials', ['omit', 'include', 'same-origin']],
  ['cache', ['no-store', 'reload', 'no-cache']],
  ['redirect', ['error', 'manual', 'follow']],
  ['mode', ['same-origin', 'cors']],
  ['referrerPolicy', ['no-referrer', 'origin']],
  ['priority', ['high', 'low']],
  ['keepalive', [true]],
  ['unknown', [1]],
];

/** A sequence of numbers that a seed repeats (mulberry32). */
function drawing(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(next() * end);
  const pick: Pick = (from) => from[below(from.length)] as (typeof from)[number];
  return { pick, below, chance: (probability: number) => next() < probability };
}
