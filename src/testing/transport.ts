import type { Arrival, Backend, Router } from './backend.ts';
import type { CallLog } from './call-log.ts';
import { addSetCookies } from './carried-headers.ts';
import { preflightAnswer, withCors } from './cors.ts';
import { isProcessed } from './fault.ts';
import { faultAnswer, faultCode } from './fault-answer.ts';
import type { ClaimedFault, FaultQueue } from './fault-queue.ts';
import { receive, refreshedSession } from './reception.ts';
import { untilAborted } from './until-aborted.ts';

/** The parts of the API that a request passes. */
export interface TransportParts {
  readonly backend: Backend;
  readonly router: Router;
  readonly log: CallLog;
  readonly faults: FaultQueue;
}

/** Creates the `fetch` of the API: CORS, the log, latency and faults around the routes. */
export function createTransport(parts: TransportParts): typeof globalThis.fetch {
  const { fixture, settings } = parts.backend;
  const { exposeHeaders, now } = fixture;
  // In a browser `Date` is readable only if it is exposed, so it must not be readable in other runtimes either.
  const showsDate = exposeHeaders.some((name) => name.toLowerCase() === 'date');

  return async (input, init) => {
    const request = input instanceof Request && !init ? input : new Request(input, init);
    request.signal.throwIfAborted();
    const response = preflightAnswer(request) ?? (await untilAborted(exchange(request, parts), request.signal));
    if (showsDate) response.headers.set('Date', new Date(now()).toUTCString());
    const { refreshToken, cookie } = settings();
    return withCors(request, response, exposeHeaders, refreshToken === 'cookie' && cookie.allowCredentials);
  };
}

async function exchange(request: Request, parts: TransportParts): Promise<Response> {
  const bodiless = request.method === 'GET' || request.method === 'HEAD';
  const arrival = receive(request, bodiless ? '' : await request.text(), parts.backend);
  parts.log.add(arrival.call);
  const fault = parts.faults.claim(arrival.call.endpoint);
  const settled = countRefresh(arrival, parts.backend);
  try {
    const response = await answerOf(arrival, fault, parts);
    arrival.call.status = response.status;
    return response;
  } catch (error) {
    arrival.call.status = 'dropped';
    throw error;
  } finally {
    settled();
  }
}

/** Counts a refresh as in flight until it is answered or aborted. */
function countRefresh({ call, request }: Arrival, backend: Backend): () => void {
  const session = refreshedSession(call, backend);
  if (!session) return () => {};
  session.refreshesInFlight += 1;
  session.maxConcurrentRefreshes = Math.max(session.maxConcurrentRefreshes, session.refreshesInFlight);
  let inFlight = true;
  const settle = () => {
    request.signal.removeEventListener('abort', settle);
    if (inFlight) session.refreshesInFlight -= 1;
    inFlight = false;
  };
  request.signal.addEventListener('abort', settle, { once: true });
  return settle;
}

async function answerOf(arrival: Arrival, claimed: ClaimedFault | null, { router, backend }: TransportParts): Promise<Response> {
  const { call, request } = arrival;
  const { latencyMs } = backend.settings();
  const delayMs = typeof latencyMs === 'function' ? latencyMs(call.endpoint) : latencyMs;
  if (delayMs > 0) await backend.fixture.sleep(delayMs);
  if (!claimed) return processed(arrival, router);
  const { fault, released } = claimed;
  if (fault.kind === 'late') {
    const lateAnswer = await processed(arrival, router);
    await backend.fixture.sleep(fault.delayMs, request.signal);
    return lateAnswer;
  }
  if (isProcessed(fault)) {
    const lostAnswer = await processed(arrival, router);
    await lostAnswer.body?.cancel();
    delete call.errorCode;
  }
  const code = faultCode(fault);
  if (code !== undefined) call.errorCode = code;
  if (fault.kind !== 'hang') return faultAnswer(fault);
  call.status = 'hanging';
  const over = AbortSignal.any([released, request.signal]);
  void backend.fixture.sleep(Infinity, over); // A test clock counts this request as waiting, so that time can go on.
  return untilAborted(new Promise<never>(() => {}), over);
}

/** Lets the routes process a request. If its answer is lost, so are the cookies that it sets. */
async function processed(arrival: Arrival, router: Router): Promise<Response> {
  const response = await router.fetch(arrival.request, arrival);
  if (arrival.setCookies.length > 0) addSetCookies(response, arrival.setCookies);
  return response;
}
