'use client';

export type { AuthClient, AuthClientConfig, FetchOptions } from './core/auth-client.ts';
export type { AccessTokenOptions } from './core/request/access-token.ts';
export { createAuthClient } from './core/create-auth-client.ts';
export { createSessionSignal } from './core/session-signal.ts';
export { createTokenReplacer } from './core/token-replacer.ts';
export { holdCalls, type Hold, type HoldOptions, type HoldSnapshot } from './core/hold-calls.ts';
export type { SubjectOf } from './core/held-session.ts';
export { limitSession, sessionLimitsOf, type IdleLimit, type SessionLimitOptions, type SessionLimits } from './core/limit-session.ts';
export { observe } from './core/observe.ts';
export { requestTokens } from './core/request-tokens.ts';
export { restoreSession } from './core/restore-session.ts';
export { browserPlatform } from './core/platform/browser-platform.ts';
export type { Interceptor, InterceptorEntry, InterceptorScope } from './core/request/interceptors.ts';
export { AuthError, type AuthErrorCode, type AuthErrorDetails, type StepUpChallenge } from './core/model/auth-error.ts';
export type { ClientEvent, ClientMoment } from './core/model/client-event.ts';
export { defineProtocol, type ProtocolDefinition } from './core/model/define-protocol.ts';
export { inCookie, type RefreshCookieOptions } from './core/in-cookie.ts';
export type { RefreshTokenPlace } from './core/model/refresh-cookie.ts';
export type { Answer } from './core/model/answer.ts';
export type { CookieReader, CsrfHeader, MayReject, Protocol, RefreshCookie, TokenHeader, TokenRequest } from './core/model/protocol.ts';
export {
  classifyFailure,
  invalidResponse,
  type EndReason,
  type FinalFailure,
  type GrantOutcome,
  type GrantRefusal,
  type MisconfiguredFailure,
  type RefreshFailure,
  type RefreshOutcome,
  type TransientCause,
  type TransientFailure,
} from './core/model/refresh-outcome.ts';
export { defineGrant, type Grant, type GrantDefinition } from './core/model/grant.ts';
export type { Instant } from './core/model/instant.ts';
export type { AuthSnapshot, RefreshSnapshot } from './core/model/snapshot.ts';
export type { SessionEnd } from './core/model/session-end.ts';
export type { Receipt } from './core/model/token-life.ts';
export { decodeClaims, type Claims, type InCookie, type TokenSet } from './core/model/token-set.ts';
export type { Platform, Release, TabChannel, TabLocks, TextArea, WakeSignal } from './core/platform/platform.ts';
export type { ActivitySource } from './core/session-activity.ts';
export type { SignInInput } from './core/session/sign-in.ts';
export { encrypted } from './core/storage/encrypted.ts';
export { indexedDB } from './core/storage/indexed-db.ts';
export { fromLocalStorage } from './core/storage/from-local-storage.ts';
export { memory } from './core/storage/memory.ts';
export { sessionStorage } from './core/storage/session-storage.ts';
export type { AuthStorage, StorageOption } from './core/storage/storage.ts';
export type { InitialSession } from './core/confirm-session.ts';
export { AuthProvider, type AuthProviderProps } from './react/AuthProvider.tsx';
export { SessionEndWarning, type SessionEndWarningProps } from './react/SessionEndWarning.tsx';
export type { SessionEndLabels } from './react/SessionEndDialog.tsx';
export { SessionLost, type LostSession } from './react/SessionLost.tsx';
export { SignedIn } from './react/SignedIn.tsx';
export { SignedInOrHeld, type SignedInOrHeldProps } from './react/SignedInOrHeld.tsx';
export { SignedOut } from './react/SignedOut.tsx';
export { useAccessToken, type AccessToken } from './react/use-access-token.ts';
export { useAuth, type Auth } from './react/use-auth.ts';
export type { EndingSession } from './react/session-end-store.ts';
export { useSessionEnd, type SessionEndOptions } from './react/use-session-end.ts';
export { useSuspenseAccessToken, type SuspenseAccessToken } from './react/use-suspense-access-token.ts';
export { useUser, type UserResult, type UserSchema } from './react/use-user.ts';
export { useAuthedFetch, type AuthedFetchOptions } from './react/use-authed-fetch.ts';
