import { requestTokens, type Granted } from '../endpoint/request-tokens.ts';
import { AuthError, invalidConfig } from '../model/auth-error.ts';
import type { Grant, Protocol } from '../model/protocol.ts';
import { signInChange, signOutChange } from '../model/record-change.ts';
import type { Session } from '../model/storage-record.ts';
import { receiptOf, type ReceiptFacts } from '../model/token-life.ts';
import { tokenSetProblem, type TokenSet } from '../model/token-set.ts';
import { sessionChanged } from '../model/token-verdict.ts';
import type { Observers } from '../events/observers.ts';
import type { Origins } from '../model/origins.ts';
import type { Platform } from '../platform/platform.ts';
import type { SessionStore } from './session-store.ts';
import { revoke } from '../endpoint/token-endpoint.ts';
import { sessionIdOf } from '../refresh/token-source.ts';

/** What signs a user in: tokens, a function that gets them, or a grant that yields exactly one set. */
export type SignInInput = TokenSet | (() => TokenSet | Promise<TokenSet>) | Grant;

/** Starting and ending sessions. */
export interface SignIn {
  readonly signIn: (input: SignInInput) => Promise<TokenSet>;
  readonly signOut: () => Promise<void>;
}

type Obtained = Pick<Granted, 'facts'> & { readonly tokens: TokenSet };

/**
 * Creates the pair over a session's store; the later of two intentions of this tab wins, whichever answer comes first.
 *
 * @param life of the client: a sign-in that outlasts it comes to nothing
 */
export function createSignIn(platform: Platform, protocol: Protocol, origins: Origins, store: SessionStore, { tell }: Observers, life: AbortSignal): SignIn {
  let intention = 0;
  /** The latest one that has come true: those before it come too late. One that fails takes nothing from anybody. */
  let fulfilled = 0;

  async function signIn(input: SignInInput): Promise<TokenSet> {
    const mine = ++intention;
    tell({ type: 'signInAsked' });
    const synced = store.sync().then(epoch); // Not awaited first: a pop-up must open while the click still counts.
    const { tokens, facts } = await obtain(input);
    const askedAt = await synced;
    life.throwIfAborted();
    if (mine < fulfilled) throw sessionChanged();
    fulfilled = mine;
    const sessionId = platform.randomId();
    const { record } = await store.write(signInChange({ sessionId, generation: 1, tokens, receipt: receiptOf(tokens, facts) }, askedAt));
    if (record.session?.sessionId !== sessionId) throw sessionChanged();
    return tokens;
  }

  async function obtain(input: SignInInput): Promise<Obtained> {
    if (typeof input === 'function') return { tokens: checked(await input()), facts: receivedNow(true) };
    if (typeof input === 'object' && input !== null && 'request' in input) {
      const { tokens, facts } = await requestTokens(platform, origins, store, input);
      const sets = Object.values(tokens);
      const [only] = sets;
      if (!only || sets.length > 1) throw invalidConfig('grant', `must yield one token set to sign in with, not ${sets.length}`);
      return { tokens: checked(only), facts };
    }
    return { tokens: checked(input), facts: receivedNow(false) };
  }

  function receivedNow(fresh: boolean): ReceiptFacts {
    const { wall } = platform.now();
    return { requestedAt: wall, answeredAt: wall, clockOffset: store.getSnapshot().clockOffset, fresh };
  }

  async function signOut(): Promise<void> {
    fulfilled = ++intention;
    tell({ type: 'signOutAsked' });
    const state = store.getState();
    const change = signOutChange(sessionIdOf(store));
    const known: Session | null = state.status === 'signedIn' ? state.record.session : null;
    // Here and now the session is over; the other tabs follow when storage has it.
    if (state.status === 'signedIn') store.dispatch({ type: 'recordRead', record: change(state.record), at: platform.now() });
    if (known) void revoke(platform, protocol, known.tokens);
    let last = known;
    const { stored, reached } = await store.write((current, inStorage) => {
      last = (inStorage ?? current).session ?? last; // A page may sign out while it loads, or before it hears of a refresh.
      return change(current);
    });
    if (last && last.tokens.accessToken !== known?.tokens.accessToken) void revoke(platform, protocol, last.tokens);
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

function checked(tokens: TokenSet): TokenSet {
  const problem = tokenSetProblem(tokens) ?? (isInSeconds(tokens.expiresAt) ? '`expiresAt` must be epoch milliseconds, not seconds' : null);
  if (problem) throw new AuthError('invalid_config', `${problem}; \`tokenSetOf\` reads an answer of the API.`, { field: /`(\w+)`/.exec(problem)?.[1] ?? 'tokens' });
  const { accessToken, refreshToken, expiresAt, scopes } = tokens;
  return { accessToken, refreshToken, expiresAt, scopes: [...scopes] };
}

/** Whether an instant can only be meant in seconds (2001 to 2286): as milliseconds it is some day of early 1970. */
function isInSeconds(expiresAt: number | null): boolean {
  return expiresAt !== null && expiresAt >= 1e9 && expiresAt < 1e10;
}
