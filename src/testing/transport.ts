import type { Arrival, Backend, Router } from './backend.ts';
import type { BonfireSettings } from './bonfire-settings.ts';
import type { CallLog } from './call-log.ts';
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
  readonly settings: () => BonfireSettings;
}

/** Creates the `fetch` of the API: CORS, the log, latency and faults around the routes. */
export function createTransport(parts: TransportParts): typeof globalThis.fetch {
  const { exposeHeaders, now } = parts.backend.fixture;
  // In a browser `Date` is readable only if it is exposed, so it must not be readable in other runtimes either.
  const showsDate = exposeHeaders.some((name) => name.toLowerCase() === 'date');

  return async (input, init) => {
    const request = input instanceof Request && !init ? input : new Request(input, init);
    request.signal.throwIfAborted();
    const response = preflightAnswer(request) ?? (await untilAborted(exchange(request, parts), request.signal));
    if (showsDate) response.headers.set('Date', new Date(now()).toUTCString());
    return withCors(request, response, exposeHeaders);
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

async function answerOf(arrival: Arrival, claimed: ClaimedFault | null, { router, backend, settings }: TransportParts): Promise<Response> {
  const { call, request } = arrival;
  const { latencyMs } = settings();
  const delayMs = typeof latencyMs === 'function' ? latencyMs(call.endpoint) : latencyMs;
  if (delayMs > 0) await backend.fixture.sleep(delayMs);
  if (!claimed) return router.fetch(request, arrival);
  const { fault, released } = claimed;
  if (isProcessed(fault)) {
    const lostAnswer = await router.fetch(request, arrival);
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
