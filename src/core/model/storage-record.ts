import { asObject, parseObject, type JsonObject } from './json.ts';
import type { EndReason } from './refresh-outcome.ts';
import type { SessionStamps } from './session-stamps.ts';
import type { Receipt } from './token-life.ts';
import { isExtra, wrongMember, type TokenSet } from './token-set.ts';

/**
 * The latest version of the envelope. A record that an older `decodeRecord` would misread has it: one whose refresh token is in a cookie,
 * or that has no access token. Any other record has version 1, so that all releases read it. Tabs of two versions can be open at the same time, so each future format keeps these rules:
 *
 * - **Version.** Any change that an older `decodeRecord` would refuse or misread gets a higher version. A new member that
 *   an older tab may drop does not need one.
 * - **Place.** `version`, `lineage`, `epoch` and `revision` keep their names and meanings. `epoch` grows with each sign-in
 *   and sign-out, so an older tab detects that its session was replaced.
 * - **Sign-out.** A signed-out record keeps the members of version 1, so that a tab of any version adopts it. So do the
 *   names of locks and the messages between tabs.
 * - **An older tab** that finds a newer record sends no refresh token, because a newer tab may have used it. It writes no
 *   attempt, failure or tokens. It uses its access token to the end, and then calls fail with `refresh_unavailable`. If
 *   the newer record has a higher epoch, or if the tab has just loaded, it is signed out as `newer_version`. A sign-in or
 *   sign-out of its user replaces the newer record, in this format.
 * - **A newer tab** reads every older format. It keeps an older record until its next write, and writes nothing while
 *   another tab's attempt (`asking`) is noted, unless its user signs in or out.
 * - **A rollback** leaves newer records behind. Older tabs then sign users out once, and lose no other session. To avoid
 *   that, release the version that reads the new format before the version that writes it.
 */
const RECORD_VERSION = 2;

/** The text that `encrypted` writes. A tab without the encryption, or with another key, cannot read it. */
const SEALED = /^v\d+\.[\w-]{16}\./;

/** The session of a signed-in user, shared by all tabs. */
export interface Session extends SessionStamps {
  /** Drawn at sign-in; stays the same until the session ends. */
  readonly sessionId: string;
  /** Counts the token sets of this session, from 1. It is 0 while the session is presumed: see {@link isPresumed}. */
  readonly generation: number;
  readonly tokens: TokenSet;
  readonly receipt: Receipt;
  /** The generation that brought the access token, if the latest answer brought only a refresh token, or if another tab has it. */
  readonly accessGeneration?: number | undefined;
  /** Names the user, as `subjectOf` of the protocol read it in the tokens. */
  readonly subject?: string | undefined;
  /** Further access tokens of the session, by the API that they are for. `withApis` keeps them, and checks them when it reads them. An older tab may drop them. */
  readonly others?: Readonly<Record<string, OtherToken>> | undefined;
}

/** A further access token of a session. */
export interface OtherToken {
  readonly accessToken: string;
  /** Epoch ms by the API's clock; `null` if unknown. */
  readonly expiresAt: number | null;
  readonly receipt: Receipt;
  /** The generation that brought it. */
  readonly generation?: number | undefined;
  /** The `token_type` that it is sent as, if the tokens of the session say so in their `extra`. */
  readonly tokenType?: unknown;
}

/**
 * Whether a session is presumed: the cookie may have one, and no answer has confirmed that. It has no access token.
 *
 * Apps see it as `loading`. The first refresh makes it a session, or ends it.
 */
export function isPresumed({ generation }: Pick<Session, 'generation'>): boolean {
  return generation === 0;
}

/** Returns the generation that brought the session's access token. */
export function accessGenerationOf({ accessGeneration, generation }: Session): number {
  return accessGeneration ?? generation;
}

/** A failed refresh. All tabs share it, so that together they stay within the backoff. */
export interface SharedFailure {
  readonly kind: 'transient' | 'misconfigured';
  /** Failures in a row, from 1. */
  readonly failureCount: number;
  /** Epoch ms by the device's clock. */
  readonly failedAt: number;
  /** The wait from `failedAt`, ms. */
  readonly delayMs: number;
  /** The wait of a call from `failedAt`, ms. Missing if a call waits as long as the timers. */
  readonly callerDelayMs?: number | undefined;
  /** When the first of the failures in a row was noted, epoch ms by the device's clock. Missing in a record of an earlier release. */
  readonly failingSince?: number | undefined;
  /** True if the API named the wait, or if a late answer may still arrive. Coming online does not shorten such a wait. */
  readonly mustWait: boolean;
  /** What happened, without any token. */
  readonly detail: string;
  /** True if the answer points to a wrong address of the token endpoint. */
  readonly wrongEndpoint?: true | undefined;
  /** True if the API answered and its new tokens could not be read. Then no tab sends the refresh token by itself. */
  readonly isUnreadable?: true | undefined;
  /** How often in a row the API has refused in unknown words. */
  readonly refusals?: number | undefined;
}

/** The place of a record among all that were ever written; see `record-order.ts`. */
export interface RecordPlace {
  /** Names the storage: drawn when the first record is written to an empty one. Empty for a record that was never stored. */
  readonly storageId: string;
  /**
   * Grows with each sign-in and sign-out, over all tabs. It is the time of the act, epoch ms by the device's clock, unless
   * the epoch before is not lower: then it is one more. A record of an earlier release may have a small count.
   */
  readonly epoch: number;
  /** Counts the writes of this record, over all tabs and sessions. */
  readonly revision: number;
}

/** The record while a user is signed in. */
export interface SignedInRecord extends RecordPlace {
  readonly status: 'signedIn';
  readonly session: Session;
  readonly failure: SharedFailure | null;
  /** The attempt, or the sign-in with a cookie, whose request is in flight, or was when its tab died; `null` once its outcome is stored. */
  readonly pendingAttemptId: string | null;
  /** When the attempt was noted, epoch ms by the device's clock, if its request survives the tab. */
  readonly pendingSince?: number | undefined;
  /** True if the refresh token was sent and no answer arrived, so the API may have rotated it. */
  readonly maybeRotated: boolean;
  /** Why the session ends with its access token: the API refused the refresh token, which has been dropped. */
  readonly endsAs?: EndReason | undefined;
  readonly endedSessionId?: undefined; readonly endReason?: undefined; readonly endedExtra?: undefined;
}

/** The record while no user is signed in. It keeps which session ended and why, so that no late answer revives it. */
export interface SignedOutRecord extends RecordPlace {
  readonly status: 'signedOut';
  readonly endedSessionId: string | null;
  readonly endReason: EndReason | null;
  /** True from a sign-out until the API has removed the cookie. A session that it still has must not be restored. */
  readonly clearing?: true | undefined;
  /** What the repeated request of that sign-out needs of the former tokens, so that it ends no later session. No secret. */
  readonly endedExtra?: TokenSet['extra'];
  /** The attempt or sign-in whose request is in flight, or was at the sign-out. Its answer may still set the cookie. */
  readonly pendingAttemptId?: string | null | undefined; readonly pendingSince?: number | undefined;
  readonly session?: undefined;
}

/** The content of storage. */
export type StorageRecord = SignedInRecord | SignedOutRecord;

/** The record that stands for an empty storage. */
export const EMPTY_RECORD: SignedOutRecord = { status: 'signedOut', storageId: '', epoch: 0, revision: 0, endedSessionId: null, endReason: null };

/** The result of reading storage. */
export type Decoded =
  | { readonly kind: 'record'; readonly record: StorageRecord }
  | { readonly kind: 'absent' }
  /** Not a record of this package, or a broken one. */
  | { readonly kind: 'damaged' }
  | ForeignRecord;

/** A record that other code of this package can read, so only a sign-in or sign-out of the user may replace it. */
export interface ForeignRecord {
  readonly kind: 'foreign';
  /** Why a tab that has just loaded is signed out: a newer version wrote the record, or it is encrypted. */
  readonly endReason: 'newer_version' | 'storage_corrupt';
  /** `null` if it cannot be read. */
  readonly place: RecordPlace | null;
}

/** The members that the text of version 1 calls by other names, which come second. */
const RENAMED = [['storageId', 'lineage'], ['pendingAttemptId', 'asking'], ['maybeRotated', 'inDoubt'], ['failureCount', 'attempt']] as const;

/** Writes a record as text. */
export function encodeRecord(record: StorageRecord): string {
  return JSON.stringify({ version: versionOf(record), ...renamed(record, new Map(RENAMED)) });
}

function versionOf({ session }: StorageRecord): number {
  return session && (session.tokens.accessToken === '' || typeof session.tokens.refreshToken === 'object') ? RECORD_VERSION : 1;
}

/** Reads what {@link encodeRecord} wrote, and trusts none of it. */
export function decodeRecord(raw: unknown): Decoded {
  if (raw === undefined || raw === null) return { kind: 'absent' };
  const { version, ...stored } = (typeof raw === 'string' && parseObject(raw)) || {};
  const isNewer = typeof version === 'number' && version > RECORD_VERSION;
  const record = renamed(stored, new Map(RENAMED.map(([name, written]) => [written, name])));
  if (isRecord(record) && (version === 1 || version === RECORD_VERSION || (isNewer && record.status === 'signedOut'))) return { kind: 'record', record };
  if (isNewer) return { kind: 'foreign', endReason: 'newer_version', place: isPlace(record) ? record : null };
  return typeof raw === 'string' && SEALED.test(raw) ? { kind: 'foreign', endReason: 'storage_corrupt', place: null } : { kind: 'damaged' };
}

/** Renames the members of a record and of its failure. */
function renamed(object: object, names: ReadonlyMap<string, string>): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [names.get(name) ?? name, name === 'failure' && value ? renamed(value, names) : value]));
}

function isRecord(value: JsonObject): value is JsonObject & StorageRecord {
  if (!isPlace(value)) return false;
  if (value['status'] === 'signedIn') {
    return isSession(value['session']) && isFailure(value['failure']) && isTextOrNull(value['pendingAttemptId']) && typeof value['maybeRotated'] === 'boolean' && isTextOrNull(value['endsAs'] ?? null);
  }
  return value['status'] === 'signedOut' && isTextOrNull(value['endedSessionId']) && isTextOrNull(value['endReason']);
}

function isPlace(value: JsonObject): value is JsonObject & RecordPlace {
  return isCount(value['revision']) && isCount(value['epoch']) && isName(value['storageId']);
}

function isSession(value: unknown): boolean {
  const session = asObject(value);
  const tokens: Partial<JsonObject> = asObject(session?.['tokens']) ?? {};
  const { accessToken, refreshExpiresAt = 0, extra } = tokens;
  return session !== null
    && isName(session['sessionId'])
    && isCount(session['generation'])
    && wrongMember(accessToken === '' ? { ...tokens, accessToken: '-' } : tokens, true) === null && isTextOrNull(session['subject'] ?? null) && isNumber(refreshExpiresAt) && isExtra(extra)
    && isReceipt(session['receipt']);
}

/** Whether a value in storage is a receipt. */
export function isReceipt(value: unknown): value is Receipt {
  const { receivedAt, lifetimeMs, clockOffset } = asObject(value) ?? {};
  return isNumber(receivedAt) && isNumber(clockOffset) && (lifetimeMs === null || isNumber(lifetimeMs));
}

function isFailure(value: unknown): boolean {
  if (value === null) return true;
  const failure = asObject(value);
  return failure !== null
    && (failure['kind'] === 'transient' || failure['kind'] === 'misconfigured')
    && isCount(failure['failureCount']) && isNumber(failure['failedAt']) && isNumber(failure['delayMs']) && isNumber(failure['callerDelayMs'] ?? 0) && isNumber(failure['failingSince'] ?? 0)
    && typeof failure['mustWait'] === 'boolean' && typeof failure['detail'] === 'string';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isNumber(value: unknown): boolean {
  return Number.isFinite(value);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
