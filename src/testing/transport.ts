import type { Arrival, Backend, Router } from './backend.ts';
import type { BonfireSettings } from './bonfire-settings.ts';
import type { CallLog } from './call-log.ts';
import { preflightAnswer, withCors } from './cors.ts';
import { isProcessed } from './fault.ts';
import { faultAnswer, faultCode } from './fault-answer.ts';
import type { ClaimedFault, FaultQueue } from './fault-queue.ts';
import { receive, refreshedSession } from './reception.ts';
import { untilAborted } from './until-aborted.ts';

/** What lies between a client and the routes. */
export interface TransportParts {
  readonly backend: Backend;
  readonly router: Router;
  readonly log: CallLog;
  readonly faults: FaultQueue;
  readonly settings: () => BonfireSettings;
}

/** Makes the `fetch` of the API, which takes what any `fetch` does: CORS, the log, latency and faults around the routes. */
export function createTransport(parts: TransportParts): typeof globalThis.fetch {
  const { exposeHeaders, now } = parts.backend.fixture;
  // A clock that no browser could read must not be readable without one either.
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
  const landed = takeOff(arrival, parts.backend);
  try {
    const response = await travel(arrival, fault, parts);
    arrival.call.status = response.status;
    return response;
  } catch (error) {
    arrival.call.status = 'dropped';
    throw error;
  } finally {
    landed();
  }
}

/** Counts a refresh as in flight until it is answered, or until its sender has given up. */
function takeOff({ call, request }: Arrival, backend: Backend): () => void {
  const session = refreshedSession(call, backend);
  if (!session) return () => {};
  session.refreshesInFlight += 1;
  session.maxConcurrentRefreshes = Math.max(session.maxConcurrentRefreshes, session.refreshesInFlight);
  let inFlight = true;
  const land = () => {
    request.signal.removeEventListener('abort', land);
    if (inFlight) session.refreshesInFlight -= 1;
    inFlight = false;
  };
  request.signal.addEventListener('abort', land, { once: true });
  return land;
}

async function travel(arrival: Arrival, claimed: ClaimedFault | null, { router, backend, settings }: TransportParts): Promise<Response> {
  const { call, request } = arrival;
  const { latencyMs } = settings();
  const delayMs = typeof latencyMs === 'function' ? latencyMs(call.endpoint) : latencyMs;
  if (delayMs > 0) await backend.fixture.sleep(delayMs);
  if (!claimed) return router.fetch(request, arrival);
  const { fault, released } = claimed;
  if (isProcessed(fault)) {
    const lost = await router.fetch(request, arrival);
    await lost.body?.cancel();
    delete call.errorCode;
  }
  const code = faultCode(fault);
  if (code !== undefined) call.errorCode = code;
  if (fault.kind !== 'hang') return faultAnswer(fault);
  call.status = 'hanging';
  const over = AbortSignal.any([released, request.signal]);
  void backend.fixture.sleep(Infinity, over); // A clock has to know that nothing goes on here.
  return untilAborted(new Promise<never>(() => {}), over);
}
