import type { ClientDoor } from '../core/inspector.ts';
import { AuthError } from '../core/model/auth-error.ts';
import type { ClientMoment } from '../core/model/client-event.ts';
import { createOrigins } from '../core/model/origins.ts';
import type { Protocol } from '../core/model/protocol.ts';
import type { RefreshState, SignedInState } from '../core/model/session-state.ts';
import { refusedError as overError } from '../core/model/snapshot.ts';
import { accessGenerationOf, isPresumed } from '../core/model/storage-record.ts';
import { isRefreshOver } from '../core/model/token-decision.ts';
import { lifeOf, remainingMs, type Anchor } from '../core/model/token-life.ts';
import { isRenewable } from '../core/model/token-set.ts';
import { createRefresher } from '../core/refresh/refresher.ts';
import { createTokenSource, type AcquireToken } from '../core/refresh/token-source.ts';
import { createGetAccessToken, type GetAccessToken } from '../core/request/access-token.ts';
import { createAuthedFetch, type FetchSession, type FetchWith } from '../core/request/authed-fetch.ts';
import type { ClientContext } from '../core/session/client-context.ts';
import type { SessionStore } from '../core/session/session-store.ts';
import { requestFor, type Api } from './api-parameters.ts';
import { putBack, REFUSED, viewOf } from './api-view.ts';
import { refusalIn, refusedError } from './refusal.ts';

/** How long an API is not asked for again after the authorization server has refused its access token, ms. */
const REFUSAL_MS = 300_000;

/** Why the access token of an API cannot be renewed. The session is not blocked, and neither are the tokens of other APIs. */
const BLOCKED: RefreshState = { state: 'blocked', failure: { kind: 'misconfigured', failureCount: 1, failedAt: 0, delayMs: 0, mustWait: false, detail: '' } };

/** The access token of one API, and the calls that send it. */
export interface ApiSession {
  readonly send: FetchWith;
  readonly getAccessToken: GetAccessToken;
  /** Notes when the access token was first seen, because its life counts from then. Call it after each change of the session. */
  readonly follow: () => void;
}

/** The last refusal. It is for one session. */
interface Refusal extends Anchor {
  readonly sessionId: string;
  readonly code: string;
}

/**
 * Creates the session of one API. It is the session of the client with another access token, so it is refreshed by the same code: one
 * request after the other over all tabs, with the same lock, note, backoff and compare-and-set.
 */
export function createApiSession(door: ClientDoor, api: Api): ApiSession {
  const { platform } = door;
  const { observers } = door;
  let refusal: Refusal | null = null;
  let isRefusedNow = false;
  const isRefused = (sessionId: string) => refusal?.sessionId === sessionId && remainingMs(refusal, platform.now()) > 0;

  const context: ClientContext = {
    ...door,
    origins: createOrigins({ baseUrl: api.origin, resourceOrigins: [api.origin] }, [], platform),
    // The refresher gets a refusal as an answer that grants nothing new. Observers see it as what it is.
    observers: Object.create(observers, {
      emit: {
        value(moment: ClientMoment) {
          if (moment.type === 'refreshSent') isRefusedNow = false;
          observers.emit(moment.type === 'refreshAnswered' && isRefusedNow ? { ...moment, outcome: 'misconfigured' } : moment);
        },
      },
    }),
    protocol: protocolFor(api, door.protocol, (code) => {
      isRefusedNow = true;
      refusal = { ...platform.now(), leftMs: REFUSAL_MS, code, sessionId: door.store.getSessionId() ?? '' };
    }),
    accessToken: 'memory', // If the refresh token is refused, the session goes on elsewhere: with its own access token, and in other tabs.
  };

  /** Returns the error of a renewal that cannot be made; `null` if it can. */
  function obstacle({ record: { session, endsAs }, ...state }: SignedInState): AuthError | null {
    if (isRefreshOver({ record: { session, endsAs }, ...state } as SignedInState, platform.now())) return overError(endsAs ?? 'expired');
    if (!isRenewable(session.tokens)) return new AuthError('refresh_unavailable', `This session has no refresh token, so there is no access token for ${api.origin}; sign in again.`);
    return refusal && isRefused(session.sessionId) ? refusedError(api.origin, refusal.code) : null;
  }

  const store = createApiStore(door, api.name, obstacle);
  const acquireToken = createAcquireToken(door, context, store, obstacle);
  const parts: FetchSession = {
    store,
    acquireToken: acquireToken.acquire,
    refresh: acquireToken.refresh,
    // The session does not end if an API rejects its token.
    renew: async (rejected, signal, isOptional = false) => (await acquireToken.acquire({ signal, sessionId: rejected.sessionId, isOptional, rejectedGeneration: accessGenerationOf(rejected) })).record.session,
  };
  return { send: createAuthedFetch(context, parts), getAccessToken: createGetAccessToken(context, acquireToken.acquire), follow: () => void store.getState() };
}

/** Returns the protocol that gets the access tokens of one API. */
function protocolFor(api: Api, protocol: Protocol, onRefused: (code: string) => void): Protocol {
  const isInCookie = protocol.refreshCookie !== undefined;
  return {
    ...protocol,
    // A refresh token in the record belongs to one user. A cookie may be that of another user.
    ...(!isInCookie && { subjectOf: () => null }),
    refreshRequest: (refreshToken, tokens) => requestFor(api, protocol.refreshRequest(refreshToken, tokens)),
    readRefresh(answer, previous) {
      const outcome = protocol.readRefresh(answer, previous);
      const code = refusalIn(outcome, answer, isInCookie);
      if (code === null) return outcome;
      onRefused(code);
      const { rotatedRefreshToken: refreshToken = previous.refreshToken } = outcome as { readonly rotatedRefreshToken?: string };
      return { kind: 'granted', tokens: { ...previous, refreshToken, accessToken: REFUSED, expiresAt: null, extra: undefined } };
    },
  };
}

/** Creates the store as a client of one API would have it. */
function createApiStore({ platform, store }: ClientDoor, name: string, obstacle: (state: SignedInState) => AuthError | null): SessionStore {
  let anchor: { readonly life: Anchor; readonly of: string } | null = null;

  function getState(): ReturnType<SessionStore['getState']> {
    const state = store.getState();
    if (state.status !== 'signedIn') return state;
    const record = viewOf(state.record, name);
    const { sessionId, receipt } = record.session;
    const of = `${sessionId} ${accessGenerationOf(record.session)}`;
    if (anchor?.of !== of) anchor = { of, life: lifeOf(receipt, platform.now()) };
    return { ...state, record, life: anchor.life, refresh: obstacle(state) ? BLOCKED : state.refresh };
  }

  return {
    ...store,
    getState,
    async write(change, isByUser) {
      const written = await store.write((current, stored) => {
        const view = viewOf(current, name);
        const next = change(view, stored && viewOf(stored, name));
        return next === view ? current : putBack(current, next, name, platform.now().wall);
      }, isByUser);
      return { ...written, record: viewOf(written.record, name) };
    },
  };
}

function createAcquireToken(door: ClientDoor, context: ClientContext, store: SessionStore, obstacle: (state: SignedInState) => AuthError | null) {
  const refresh = createRefresher(context, store, door.lock);
  const acquireNow = createTokenSource(context, store, refresh);

  const acquire: AcquireToken = async (request) => {
    const { signal = null, isOptional = false } = request;
    let { sessionId = null } = request;
    const known = door.store.getState();
    // The session must be certain first. Any access token of it will do.
    if (known.status !== 'signedIn' || isPresumed(known.record.session)) ({ sessionId } = (await door.acquireToken({ signal, sessionId, isOptional, minValidityMs: -Infinity })).record.session);
    return acquireNow({ ...request, sessionId }).catch((error: unknown) => {
      const state = door.store.getState();
      throw (AuthError.is(error) && error.code === 'misconfigured' && state.status === 'signedIn' && obstacle(state)) || error;
    });
  };
  return { refresh, acquire };
}
