import { createAdvice } from '#advice';
import { AuthError } from '../model/auth-error.ts';
import type { Session } from '../model/storage-record.ts';
import { isInLeadWindow, isUsable } from '../model/token-decision.ts';
import type { Refresh } from '../refresh/refresher.ts';
import type { AcquireToken } from '../refresh/token-source.ts';
import type { ClientContext } from '../session/client-context.ts';
import type { SessionStore } from '../session/session-store.ts';
import { createSend, headerOf, prepareCall, type Call, type Send } from './call.ts';
import { interceptorsOf, wrap, type CallSession, type InterceptorEntry } from './interceptors.ts';
import { createRejectionMemory, isRejected, mayBeRejected } from './rejection.ts';
import type { Renew } from './renewal.ts';
import { released, untilAborted, type Sendable } from './replayable-body.ts';

/** `fetch` with interceptors. It throws if its arguments are wrong. */
export type FetchWith = (input: RequestInfo | URL, init: RequestInit | undefined, entries: readonly InterceptorEntry[], isOptional: boolean) => Promise<Response>;

/** The parts of the session that calls need. */
export interface FetchSession {
  readonly store: SessionStore;
  readonly refresh: Refresh;
  readonly acquireToken: AcquireToken;
  readonly renew: Renew;
}

/** Creates the authed fetch: attach the token, send, classify the answer, replay once. */
export function createAuthedFetch(context: ClientContext, parts: FetchSession): FetchWith {
  const { observers } = context;
  const { store } = parts;
  const answerTo = createAnswering(context, parts);

  return (input, init, entries, isOptional) => {
    const owner = store.getSessionId();
    const around = entries.length === 0 ? [] : interceptorsOf(entries, 'call');
    const call = prepareCall(context, input, init, isOptional);
    if (around.length === 0) return start(call, entries, owner);
    const session: CallSession = { sessionId: owner, isOptional: call.isOptional };
    // An interceptor may take longer than the page loads. The first user who is signed in owns the call.
    if (store.getSnapshot().status === 'loading') void store.whenKnown().then(({ sessionId }) => (session.sessionId = sessionId));
    const send = async (request: Request) => start(prepareCall(context, request, undefined, isOptional), entries, session.sessionId);
    return settled(call, wrap(around, send, session)(new Request(...call.first)));
  };

  function start(call: Call, entries: readonly InterceptorEntry[], owner: string | null): Promise<Response> {
    const send = createSend(context, entries);
    const watch = observers.watchCall(call.method, call.address);
    if (watch === null) return settled(call, answerTo(call, send, owner));
    return watch.whole(settled(call, answerTo(call, (...sent) => watch.sent(send(...sent)), owner)));
  }
}

/** Returns the answer as the caller sees it. */
function settled(call: Call, answer: Promise<Response>): Promise<Response> {
  return untilAborted(call.signal, released(call, answer));
}

/** Creates the function that answers one call of a session. */
function createAnswering(context: ClientContext, session: FetchSession) {
  const { platform, protocol } = context;
  const { store, refresh, acquireToken, renew } = session;
  const memory = createRejectionMemory(platform);
  const advice = createAdvice((text) => platform.warn(text));

  function answerTo(call: Call, send: Send, owner: string | null): Promise<Response> {
    if (call.isAuthorized) return send(call.first, null);
    const at = platform.now();
    const state = store.getState();
    const changed = owner !== null && state.status === 'signedIn' && state.record.session.sessionId !== owner;
    if (changed || state.status !== 'signedIn' || !isUsable(state, 0, at)) return answerLater(call, send, owner);
    if (isInLeadWindow(state, context.leadMs, at)) void refresh(state);
    return sendAs(state.record.session, call, send);
  }

  /** Waits for a usable token, or sends the call without one if the protocol allows that. */
  async function answerLater(call: Call, send: Send, owner: string | null): Promise<Response> {
    try {
      const { record } = await acquireToken({ signal: call.signal, sessionId: owner, isOptional: call.isOptional });
      return sendAs(record.session, call, send); // Not awaited, so that the catch below is for acquireToken only.
    } catch (error) {
      return sendWithout(error, call, call.first, send);
    }
  }

  /** Sends a request without a token if that is allowed, else throws the error that says why there is none. */
  function sendWithout(error: unknown, { method, isOptional, signal }: Call, sendable: Sendable, send: Send): Promise<Response> {
    const code = AuthError.is(error) ? error.code : 'disposed';
    if (signal?.aborted) throw error; // The reason may be an `AuthError`, such as that of a session's signal.
    const isAllowed = code === 'signed_out' || (isOptional && code !== 'session_changed' && code !== 'disposed');
    const anonymous = isAllowed ? protocol.anonymousAuthorization(method) : null;
    if (anonymous === null && !(isAllowed && isOptional)) throw error;
    return send(sendable, anonymous);
  }

  function sendAs(session: Session, call: Call, send: Send): Promise<Response> {
    const sent = send(call.first, headerOf(protocol).value(session.tokens.accessToken), session);
    return sent.then((response) => (mayBeRejected(platform, protocol, response) ? afterRejection(session, call, send, response) : response));
  }

  async function afterRejection(session: Session, call: Call, send: Send, response: Response): Promise<Response> {
    const { replay, signal, method } = call;
    if (!(await isRejected(platform, protocol, method, session, response))) {
      advice.unreadableHeader(response, protocol.rejectionHeader);
      return response;
    }
    const { record } = { record: null, ...store.getState() };
    if (memory.has(session, record?.session)) return response;
    if (replay === null) {
      // The refresh is for the next call; this one gets the API's own answer. If the new token is rejected as well, the
      // endpoint rejects every token.
      void renew(session, null).then(memory.add, () => undefined);
      return response;
    }
    void response.body?.cancel().catch(() => undefined); // Nothing reads the rejection; an interceptor may have locked it.
    let renewed: Session;
    try {
      renewed = await renew(session, signal, call.isOptional);
    } catch (error) {
      return sendWithout(error, call, replay, send);
    }
    const second = await send(replay, headerOf(protocol).value(renewed.tokens.accessToken), renewed);
    if (await isRejected(platform, protocol, method, renewed, second)) memory.add(renewed);
    return second;
  }

  return answerTo;
}
