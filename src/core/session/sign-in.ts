import { requirementOf, tokenSetHint } from '#words';
import { revoke } from '../endpoint/revocation.ts';
import type { TokenEndpoint } from '../endpoint/token-endpoint.ts';
import { AuthError, invalidConfig, sessionChanged, throwIfDisposed } from '../model/auth-error.ts';
import type { Grant } from '../model/grant.ts';
import { signInChange, signOutChange } from '../model/record-change.ts';
import { shownTokens } from '../model/snapshot.ts';
import { receiptOf, type ReceiptFacts } from '../model/token-life.ts';
import { isExtra, isInstant, isSameUser, kept, wrongMember, type TokenSet } from '../model/token-set.ts';
import { withDeadline } from '../platform/deadline.ts';
import type { ClientContext } from './client-context.ts';
import type { HoldJar } from './cookie-jar.ts';
import { cookiePartsOf } from './cookie-parts.ts';
import type { RemoveCookie } from './cookie-removal.ts';
import type { SessionStore } from './session-store.ts';
import { subjectFrom } from './subject.ts';

/** How long a sign-out waits for a server that has the session, ms. */
const SERVER_SIGN_OUT_MS = 3000;

/** The input of a sign-in: tokens, a function that gets them, or a grant that yields exactly one token set. */
export type SignInInput = TokenSet | (() => TokenSet | Promise<TokenSet>) | Grant;

/** Starts and ends sessions. */
export interface SignIn {
  readonly signIn: (input: SignInInput) => Promise<TokenSet>;
  readonly signOut: () => Promise<void>;
}

/** The context of a client, and the time by a clock that is never set back, epoch ms. */
interface SignInContext extends ClientContext {
  readonly actTime: () => number;
}

/** Creates both functions. The later of two calls in this tab wins, regardless of the order of their answers. */
export function createSignIn(context: SignInContext, store: SessionStore, holdJar: HoldJar, removeCookie: RemoveCookie): SignIn {
  const { platform, protocol, observers, disposed, actTime } = context;
  const obtain = createObtain(context, store);
  const inTurn = cookiePartsOf(protocol)?.createSignInTurn(context, holdJar);
  const isInCookie = protocol.refreshCookie !== undefined;
  let calls = 0;
  /** The latest call that succeeded. Earlier ones come too late; a call that fails replaces nothing. */
  let succeeded = 0;

  async function signIn(input: SignInInput): Promise<TokenSet> {
    const call = ++calls;
    observers.emit({ type: 'signInStarted' });
    const askedAt = actTime();
    const synced = store.sync().then(() => epoch() || askedAt); // Not awaited here, because a pop-up must open while the click still counts.
    // A function or a grant may get a new cookie, so no other tab has a request with the former one in flight meanwhile.
    const start = (ask: TokenEndpoint) => startSession(input, call, synced, ask);
    return inTurn && (typeof input === 'function' || (input as Partial<Grant> | null)?.obtain) ? inTurn(start) : start(context.askTokenEndpoint);
  }

  async function startSession(input: SignInInput, call: number, synced: Promise<number>, ask: TokenEndpoint): Promise<TokenSet> {
    const { tokens: given, facts } = await obtain(input, ask);
    const tokens = kept(checked(given, platform.now().wall, isInCookie), undefined, isInCookie);
    const askedInEpoch = await synced;
    throwIfDisposed(disposed);
    if (call < succeeded) throw sessionChanged();
    succeeded = call;
    const sessionId = platform.randomId();
    const change = signInChange({ sessionId, generation: 1, tokens, receipt: receiptOf(given, facts), subject: subjectFrom(context, tokens) }, askedInEpoch, actTime());
    let former: TokenSet | null = null;
    const { record } = await store.write((current) => {
      if (current.session && current.session.sessionId !== sessionId) former = current.session.tokens; // A write may run the change twice.
      return change(current);
    }, true);
    if (record.session?.sessionId !== sessionId) throw sessionChanged();
    // The sign-in has replaced the cookie of the former session. A sign-out now would remove the new one.
    if (former && !isInCookie && !isSameUser(former, tokens)) void revoke(context, protocol, former);
    return shownTokens(tokens, context.accessToken === 'server');
  }

  async function signOut(): Promise<void> {
    succeeded = ++calls;
    observers.emit({ type: 'signOutStarted' });
    const state = store.getState();
    const session = state.status === 'signedIn' ? state.record.session : null; // Its snapshot may have no tokens yet.
    const change = signOutChange(session?.sessionId ?? null, actTime(), isInCookie, protocol.keptAtSignOut);
    // This tab signs out at once; the other tabs follow when storage has the change.
    if (state.status === 'signedIn') store.adopt(change(state.record));
    if (session && !isInCookie) void revoke(context, protocol, session.tokens);
    let last = session;
    const { stored, reached } = await store.write((current, inStorage) => {
      last = (inStorage ?? current).session ?? last; // Storage may have newer tokens: while the page loads, or after another tab's refresh.
      return change(current, inStorage);
    }, true);
    const removed = removeCookie(last?.tokens);
    if (!isInCookie && last && (last.sessionId !== session?.sessionId || last.generation !== session.generation)) void revoke(context, protocol, last.tokens);
    // A server has the session, and what it renders next must not show the user.
    if (protocol.accessToken) await withDeadline(platform, SERVER_SIGN_OUT_MS, () => removed).catch(() => undefined);
    if (!stored && reached) {
      throw new AuthError('storage_unavailable', 'Signed out in this tab, but storage may still hold the tokens; sign out again, or clear the site data.');
    }
  }

  function epoch(): number {
    const state = store.getState();
    return state.status === 'loading' ? 0 : state.record.epoch;
  }

  return { signIn, signOut };
}

/** Creates the function that gets the tokens of a sign-in. */
function createObtain(context: ClientContext, store: SessionStore) {
  function receivedNow(fresh: boolean): ReceiptFacts {
    const { wall } = context.platform.now();
    return { requestedAt: wall, answeredAt: wall, clockOffset: store.getSnapshot().clockOffset, dated: false, fresh };
  }

  return async (input: SignInInput, askTokenEndpoint: TokenEndpoint): ReturnType<Grant['obtain']> => {
    if (typeof input === 'function') return { tokens: await input(), facts: receivedNow(true) };
    const { obtain } = Object(input) as Partial<Grant>; // The input may be anything, such as `null`.
    return obtain?.({ ...context, askTokenEndpoint, clockOffset: store.getSnapshot().clockOffset }) ?? { tokens: input as TokenSet, facts: receivedNow(false) };
  };
}

const INSTANTS = ['expiresAt', 'refreshExpiresAt', 'sessionExpiresAt', 'issuedAt'] as const;

function isWholeInstant(value: number | null, now: number): boolean {
  return value === null || (Number.isInteger(value) && isInstant(value, now));
}

function checked(tokens: TokenSet, now: number, mayBeInCookie: boolean): TokenSet {
  const member = wrongMember(tokens, mayBeInCookie) ?? (isExtra(tokens.extra) ? null : 'extra') ?? INSTANTS.find((name) => !isWholeInstant(tokens[name] ?? null, now));
  if (member) throw invalidConfig(member, requirementOf(member, tokens?.[member as 'expiresAt']) + tokenSetHint(tokens, member));
  return tokens;
}
