import type { CookieJar } from 'unexpired/testing';
import type { TabProcess } from './tab-process.ts';
import type { SimulatedTime, Task } from './time.ts';

/** What the network does with one request. `After` and `late` mean that the server still processes it. */
export type NetworkFault = 'none' | 'dropBefore' | 'dropAfter' | 'hangBefore' | 'hangAfter' | 'late';

/** How far a request has come: `out` to the server, `back` with the answer, or how it ended. */
export type Phase = 'out' | 'back' | 'delivered' | 'failed' | 'aborted';

/** One request and its outcome. */
export interface Exchange {
  readonly sender: TabProcess;
  readonly url: string;
  readonly method: string;
  readonly authorization: string | null;
  /** The body that was sent, if it was text. */
  readonly body: string | null;
  readonly sentAt: number;
  phase: Phase;
  /** When the phase began. */
  phaseAt: number;
  /** Whether the request or its answer hangs for ever. */
  hangs: boolean;
  /** Whether the network is done with it. A frozen tab gets the outcome later. */
  isDone: boolean;
  /** The status of the answer, or `null` until the server has processed the request. */
  status: number | null;
  /** The text of the answer, recorded only for a token endpoint. */
  answer: string | null;
  retryAfter: string | null;
  /** The cookies that were sent; `null` if there were none. */
  cookies: string | null;
  /** The `Set-Cookie` headers of the answer. */
  setCookies: readonly string[];
  /** When the browser stored these cookies; `null` if it has not. */
  storedAt: number | null;
}

/** The network between the tabs and the server. */
export interface SimulatedNetwork {
  online: boolean;
  /** The cookies that all tabs share. They are attached when a request is sent, and stored when its answer arrives. */
  jar: CookieJar | null;
  latencyMs: number;
  /** How long a late answer takes beyond the latency, ms. */
  lateMs: number;
  faultOf: (request: Request) => NetworkFault;
  /** Changes the text of an answer to a refresh, as a server with a mistake does. */
  rewrite: (answer: string) => string;
  /** Makes errors quote the request to a token endpoint, as the errors of a careless wrapper do. */
  errorsQuoteInput: boolean;
  /** Called when a request is sent, and when it enters a new phase. */
  onExchange: (exchange: Exchange) => void;
  /** Called before the cookies of an answer are stored. */
  onCookies: (exchange: Exchange) => void;
  /** Answers requests to servers in this world, whose work takes simulated time. `null` leaves a request to the server outside of it. */
  inWorld: (request: Request) => Promise<Response> | null;
  readonly send: (sender: TabProcess, input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;
}

const never = <T>() => new Promise<T>(() => undefined);

export function createNetwork(time: SimulatedTime, serve: (request: Request) => Promise<Response>): SimulatedNetwork {
  let requests = 0;

  const isTokenEndpoint = (url: string) => /\/(oauth|auth\/)/.test(new URL(url).pathname);

  /** Each phase of a request to a token endpoint is seen by all. A call reads what the server has at one moment only. */
  function touchServer({ url }: Exchange, phase: Phase): void {
    if (isTokenEndpoint(url)) time.touch('server');
    else if (phase === 'back') time.touch('server', true);
  }

  function enter(exchange: Exchange, phase: Phase): void {
    touchServer(exchange, phase);
    exchange.phase = phase;
    exchange.phaseAt = time.now();
    network.onExchange(exchange);
  }

  function dropped(exchange: Exchange): TypeError {
    const quote = network.errorsQuoteInput && isTokenEndpoint(exchange.url) ? ` (${exchange.body} as ${exchange.authorization})` : '';
    return new TypeError(`Failed to fetch${quote}`);
  }

  function hang(exchange: Exchange): Promise<never> {
    exchange.hangs = true;
    return never();
  }

  async function process(exchange: Exchange, answer: Promise<Response>): Promise<Response> {
    const response = await answer;
    exchange.status = response.status;
    exchange.retryAfter = response.headers.get('retry-after');
    exchange.setCookies = response.headers.getSetCookie();
    if (!isTokenEndpoint(exchange.url)) return response;
    const { status, headers } = response;
    const text = await response.text();
    exchange.answer = new URL(exchange.url).pathname.endsWith('/oauth') && response.ok ? network.rewrite(text) : text;
    return new Response(exchange.answer || null, { status, headers }); // A 204 must have no body, not even an empty one.
  }

  function storeCookies(exchange: Exchange, jar: CookieJar, request: Request, response: Response): void {
    network.onCookies(exchange);
    exchange.storedAt = time.now();
    jar.store(request, response);
    network.onExchange(exchange);
  }

  async function roundTrip(exchange: Exchange, request: Request): Promise<Response> {
    const fault = network.faultOf(request);
    const legMs = network.latencyMs / 2;
    const task: Task = { thread: `request ${++requests} of ${exchange.sender.name}`, isPrompt: true };
    if (!network.online) await time.delay(1, 'device', task).then(() => Promise.reject(dropped(exchange)));
    await time.delay(legMs, 'outside', task);
    if (fault === 'hangBefore') return hang(exchange);
    if (fault === 'dropBefore' || !network.online) throw dropped(exchange);
    const inWorld = network.inWorld(request);
    const response = await (inWorld ? process(exchange, inWorld) : time.working(process(exchange, serve(request))));
    if (exchange.phase === 'out') enter(exchange, 'back');
    await time.delay(fault === 'late' ? legMs + network.lateMs : legMs, 'outside', { ...task, isPrompt: fault !== 'late' });
    if (fault === 'hangAfter') return hang(exchange);
    if (fault === 'dropAfter' || !network.online) throw dropped(exchange);
    // A browser drops a request that is aborted or whose tab is gone. Chromium continues it if it says `keepalive`, even after an
    // abort, and stores its cookies.
    if (network.jar && (request.keepalive || (exchange.phase !== 'aborted' && exchange.sender.isAlive()))) storeCookies(exchange, network.jar, request, response);
    return response;
  }

  function send(sender: TabProcess, input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    if (!sender.isAlive()) return never();
    const request = new Request(input, init);
    const { url, method, signal } = request;
    const exchange: Exchange = {
      sender, url, method, sentAt: time.now(), phaseAt: time.now(),
      authorization: request.headers.get('authorization'),
      body: typeof init?.body === 'string' ? init.body : null,
      phase: 'out', hangs: false, isDone: false, status: null, answer: null, retryAfter: null, cookies: null, setCookies: [], storedAt: null,
    };
    return new Promise((resolve, reject) => {
      const end = (phase: Phase, settle: () => void) => {
        signal.removeEventListener('abort', abort);
        enter(exchange, phase);
        settle();
      };
      const abort = () => end('aborted', () => reject(signal.reason));
      if (signal.aborted) return reject(signal.reason);
      touchServer(exchange, 'out');
      network.jar?.attach(request);
      exchange.cookies = request.headers.get('cookie');
      network.onExchange(exchange);
      signal.addEventListener('abort', abort);
      const isAborted = () => exchange.phase === 'aborted';
      const answered = roundTrip(exchange, request).finally(() => (exchange.isDone = true));
      answered.then(
        (response) => sender.run(() => isAborted() || end('delivered', () => resolve(response))),
        (error: unknown) => sender.run(() => isAborted() || end('failed', () => reject(error))),
      );
    });
  }

  const network: SimulatedNetwork = { online: true, jar: null, latencyMs: 20, lateMs: 15_000, faultOf: () => 'none', rewrite: (answer) => answer, errorsQuoteInput: false, onExchange: () => undefined, onCookies: () => undefined, inWorld: () => null, send };
  return network;
}
