import { prepareCall, sendAttempt, type Call } from './send.ts';
import { interceptorsFor, wrap, type InterceptorEntry } from './interceptors.ts';
import { AuthError } from '../model/auth-error.ts';
import type { Protocol } from '../model/protocol.ts';
import { endChange } from '../model/record-change.ts';
import type { Session } from '../model/storage-record.ts';
import { isInLeadWindow, isUsable } from '../model/token-verdict.ts';
import type { Observers } from '../events/observers.ts';
import type { Origins } from '../model/origins.ts';
import type { Platform } from '../platform/platform.ts';
import type { Refresh } from '../refresh/refresher.ts';
import { isRejected } from './rejection.ts';
import { released, type Sendable } from './replayable-body.ts';
import type { SessionStore } from '../session/session-store.ts';
import { sessionIdOf, type AcquireToken } from '../refresh/token-source.ts';
import { whenKnown } from '../session/when-known.ts';

/** A token that was rejected right after its refresh is not refreshed again for this long. */
const REJECTION_MEMORY_MS = 30_000;

/** `fetch` with further interceptors; throws what is wrong with its arguments. */
export type FetchWith = (input: RequestInfo | URL, init: RequestInit | undefined, entries: readonly InterceptorEntry[]) => Promise<Response>;

/** Creates the authed fetch: attach, send, classify, replay once. */
export function createAuthedFetch(
  platform: Platform,
  protocol: Protocol,
  store: SessionStore,
  refresh: Refresh,
  acquireToken: AcquireToken,
  origins: Origins,
  { watchCall }: Observers,
  longestLeadMs: number,
): FetchWith {
  let rejectedReplay = { sessionId: '', generation: 0, until: 0 };

  const fetchWith: FetchWith = (input, init, entries) => {
    let madeBy = sessionIdOf(store);
    const around = entries.length === 0 ? [] : interceptorsFor(entries, 'call');
    const call = prepareCall(origins, input, init);
    const send = (one: Call) => released(one, start(one, entries, madeBy));
    if (around.length === 0) return send(call);
    // An interceptor may take longer than the page loads: whoever is signed in first is the one who asks.
    if (store.getState().status === 'loading') void whenKnown(store).then(({ sessionId }) => (madeBy = sessionId));
    return released(call, wrap(around, async (request) => send(prepareCall(origins, request, undefined)))(new Request(...call.first)));
  };

  function start(call: Call, entries: readonly InterceptorEntry[], madeBy: string | null): Promise<Response> {
    const watch = watchCall(call);
    const send = (sendable: Sendable, authorization: string) => {
      const sent = sendAttempt(platform, origins, entries, call, sendable, authorization);
      return watch ? watch.attempt(sent) : sent;
    };
    const answer = answerTo(call, send, madeBy);
    return watch ? watch.whole(answer) : answer;
  }

  function answerTo(call: Call, send: Send, madeBy: string | null): Promise<Response> {
    const own = call.headers['authorization'];
    if (own !== undefined) return send(call.first, own);
    const at = platform.now();
    const state = store.getState();
    const changed = madeBy !== null && state.status === 'signedIn' && state.record.session.sessionId !== madeBy;
    if (changed || state.status !== 'signedIn' || !isUsable(state, 0, at)) return startLate(call, send, madeBy);
    if (isInLeadWindow(state, longestLeadMs, at)) void refresh(state);
    return sendAs(state.record.session, call, send);
  }

  /** Without a usable token: wait for one, or go without where the protocol lets a call do so. */
  async function startLate(call: Call, send: Send, madeBy: string | null): Promise<Response> {
    try {
      const { record } = await acquireToken({ signal: call.signal, sessionId: madeBy });
      return sendAs(record.session, call, send); // Not awaited: what becomes of it is no concern of the catch.
    } catch (error) {
      const anonymous = AuthError.is(error) && error.code === 'signed_out' ? protocol.anonymousAuthorization(call.method) : null;
      if (anonymous === null) throw error;
      return send(call.first, anonymous);
    }
  }

  function sendAs(session: Session, call: Call, send: Send): Promise<Response> {
    const sent = send(call.first, bearer(session));
    return sent.then((response) => (protocol.mayReject(response.status) ? afterDoubt(session, call, send, response) : response));
  }

  async function afterDoubt(session: Session, { replay, signal }: Call, send: Send, response: Response): Promise<Response> {
    if (!(await isRejected(platform, protocol, response)) || isRemembered(session)) return response;
    if (replay === null) {
      // For the next call; this one gets the API's own answer. If that is rejected, too, the endpoint always does so.
      void renew(session, null).then(remember, () => undefined);
      return response;
    }
    void response.body?.cancel().catch(() => undefined); // Nobody will read the rejection; an interceptor may hold it.
    const renewed = await renew(session, signal);
    const second = await send(replay, bearer(renewed));
    if (await isRejected(platform, protocol, second)) remember(renewed);
    return second;
  }

  /** Resolves to the same session with another token than the rejected one. */
  async function renew(rejected: Session, signal: AbortSignal | null): Promise<Session> {
    const { sessionId, generation: rejectedGeneration } = rejected;
    if (rejected.tokens.refreshToken === undefined) await store.write(endChange(rejected, 'token_rejected'));
    return (await acquireToken({ signal, sessionId, rejectedGeneration })).record.session;
  }

  function remember({ sessionId, generation }: Session): void {
    rejectedReplay = { sessionId, generation, until: platform.now().monotonic + REJECTION_MEMORY_MS };
  }

  /** A token that another tab got since counts, too: tabs would else refresh in turns for an endpoint that always rejects. */
  function isRemembered({ sessionId, generation, tokens: { accessToken } }: Session): boolean {
    const current = store.getSnapshot().tokens?.accessToken === accessToken;
    const marked = rejectedReplay.sessionId === sessionId && rejectedReplay.generation <= generation;
    return current && marked && platform.now().monotonic < rejectedReplay.until;
  }

  return fetchWith;
}

type Send = (sendable: Sendable, authorization: string) => Promise<Response>;

function bearer({ tokens }: Session): string {
  return `Bearer ${tokens.accessToken}`;
}
