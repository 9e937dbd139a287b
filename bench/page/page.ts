import { LOADERS } from '../peers/index.ts';
import type { PeerName } from '../peers/names.ts';
import type { ApiAddress, Call } from '../peers/peer.ts';
import type { TokenAnswer } from '../server/family.ts';
import { timeCalls } from './hot-path.ts';

/** How many calls ended in which way. Those that never end are not counted. */
export interface Outcome {
  readonly ok: number;
  readonly other: number;
  readonly threw: number;
  /** Longest wait for an answer, ms. */
  readonly slowestMs: number;
}

/** The functions of a page that the benchmark can call. */
export interface BenchPage {
  signIn(tokens: TokenAnswer): Promise<void>;
  open(): Promise<void>;
  burst(calls: number, path?: string): Promise<Outcome>;
  startSteady(perSecond: number): void;
  /** When calls were answered with 200, epoch ms. */
  steadyAnswers(): readonly number[];
  stopSteady(): void;
  /** µs per call, `width` of them at once. */
  hotPath(width: number): Promise<number>;
  /** Makes calls one after the other, and drops the results. */
  makeCalls(count: number): Promise<void>;
  openMany(count: number): Promise<void>;
}

/** How long a burst waits for calls that their client never settles, ms. It is longer than any call of a burst takes that is answered. */
const PATIENCE_MS = 10_000;

declare global {
  interface Window {
    bench: BenchPage;
    /** When the first call of a page that calls while loading was answered, ms since navigation. */
    firstAnswerMs?: number;
  }
}

const params = new URL(location.href).searchParams;
const api: ApiAddress = { origin: location.origin, base: location.origin + (params.get('world') ?? '') };
let opening = true;
if (params.has('stub')) stubFetch();

const { peer } = await LOADERS[params.get('peer') as PeerName]();
let call: Call = () => Promise.reject(new Error('Open the peer first.'));
const kept: Call[] = [];
const answers: number[] = [];
let steady: ReturnType<typeof setInterval> | undefined;

window.bench = {
  signIn: async (tokens) => peer.signIn(api, tokens),
  async open() {
    opening = true;
    call = await peer.open(api);
    opening = false;
  },
  async burst(calls, path) {
    const startedAt = performance.now();
    const over = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
    const all = Array.from({ length: calls }, (_, index) => Promise.race([callOnce(path ?? `/items/${index}`, startedAt), over]));
    const ended = (await Promise.all(all)).filter((each) => each !== null);
    const count = (end: string) => ended.filter((each) => each.end === end).length;
    return { ok: count('ok'), other: count('other'), threw: count('threw'), slowestMs: Math.round(Math.max(...ended.map(({ ms }) => ms))) };
  },
  startSteady(perSecond) {
    let index = 0;
    steady = setInterval(() => {
      callOnce(`/items/steady-${(index += 1)}`, 0).then(({ end }) => end === 'ok' && answers.push(Date.now()), () => undefined);
    }, 1000 / perSecond);
  },
  steadyAnswers: () => answers,
  stopSteady: () => clearInterval(steady),
  hotPath: (width) => timeCalls(call, width),
  async makeCalls(count) {
    for (let made = 0; made < count; made += 1) await call('/items/1');
  },
  async openMany(count) {
    opening = true;
    for (let opened = 0; opened < count; opened += 1) kept.push(await peer.open(api));
    opening = false;
  },
};

async function callOnce(path: string, startedAt: number): Promise<{ end: 'ok' | 'other' | 'threw'; ms: number }> {
  const end = await call(path).then((status) => (status === 200 ? 'ok' : 'other'), () => 'threw' as const);
  return { end, ms: performance.now() - startedAt };
}

/** Answers every request at once, so that only the peer's own cost remains. While a peer opens, the server answers, because some refresh then. */
function stubFetch(): void {
  const { fetch } = window;
  window.fetch = (...request) => (opening ? fetch(...request) : Promise.resolve(new Response('{"data":{}}', { headers: { 'content-type': 'application/json' } })));
}

if (params.has('start')) {
  await window.bench.open();
  while ((await callOnce('/items/first', 0)).end !== 'ok') await new Promise((resolve) => setTimeout(resolve, 10));
  window.firstAnswerMs = performance.now();
}
