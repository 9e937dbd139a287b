import { asObject, parseObject, type JsonObject } from './json.ts';
import type { EndReason } from './refresh-outcome.ts';
import type { Receipt } from './token-life.ts';
import { tokenSetProblem, type TokenSet } from './token-set.ts';

/** The version of the envelope that this package writes. */
const RECORD_VERSION = 1;

/** The session of a signed-in user, shared by all tabs. */
export interface Session {
  /** Drawn at sign-in; stays the same until the session ends. */
  readonly sessionId: string;
  /** Counts the token sets of this session, from 1. */
  readonly generation: number;
  readonly tokens: TokenSet;
  readonly receipt: Receipt;
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
  /** True if the API named the wait, or if a late answer may still arrive. Coming online does not shorten such a wait. */
  readonly mustWait: boolean;
  /** What happened, without any token. */
  readonly detail: string;
  /** True if the answer points to a wrong address of the token endpoint. */
  readonly wrongEndpoint?: true | undefined;
}

/** The place of a record among all that were ever written; see `record-order.ts`. */
export interface RecordPlace {
  /** Names the storage: drawn when the first record is written to an empty one. Empty for a record that was never stored. */
  readonly storageId: string;
  /** Counts sign-ins and ends of sessions, over all tabs. */
  readonly epoch: number;
  /** Counts the writes of this record, over all tabs and sessions. */
  readonly revision: number;
}

/** The record while a user is signed in. */
export interface SignedInRecord extends RecordPlace {
  readonly status: 'signedIn';
  readonly session: Session;
  readonly failure: SharedFailure | null;
  /** The attempt whose request is in flight, or was when its tab died; `null` once its outcome is stored. */
  readonly pendingAttemptId: string | null;
  /** True if the refresh token was sent and no answer arrived, so the API may have rotated it. */
  readonly maybeRotated: boolean;
  readonly endedSessionId?: undefined;
  readonly endReason?: undefined;
}

/** The record while no user is signed in. It keeps which session ended and why, so that no late answer revives it. */
export interface SignedOutRecord extends RecordPlace {
  readonly status: 'signedOut';
  readonly endedSessionId: string | null;
  readonly endReason: EndReason | null;
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
  /** Written by a later version of this package, so it must not be changed. */
  | { readonly kind: 'newer' };

/** The members that the text of version 1 calls by other names, which come second. */
const RENAMED = [['storageId', 'lineage'], ['pendingAttemptId', 'asking'], ['maybeRotated', 'inDoubt'], ['failureCount', 'attempt']] as const;

/** Writes a record as text. */
export function encodeRecord(record: StorageRecord): string {
  return JSON.stringify({ version: RECORD_VERSION, ...renamed(record, new Map(RENAMED)) });
}

/** Reads what {@link encodeRecord} wrote, and trusts none of it. */
export function decodeRecord(raw: unknown): Decoded {
  if (raw === undefined || raw === null) return { kind: 'absent' };
  const { version, ...stored } = (typeof raw === 'string' && parseObject(raw)) || {};
  if (typeof version === 'number' && version > RECORD_VERSION) return { kind: 'newer' };
  const record = renamed(stored, new Map(RENAMED.map(([name, written]) => [written, name])));
  return version === RECORD_VERSION && isRecord(record) ? { kind: 'record', record } : { kind: 'damaged' };
}

/** Renames the members of a record and of its failure. */
function renamed(object: object, names: ReadonlyMap<string, string>): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [names.get(name) ?? name, name === 'failure' && value ? renamed(value, names) : value]));
}

function isRecord(value: JsonObject): value is JsonObject & StorageRecord {
  if (!isCount(value['revision']) || !isCount(value['epoch']) || !isName(value['storageId'])) return false;
  if (value['status'] === 'signedIn') {
    return isSession(value['session']) && isFailure(value['failure']) && isTextOrNull(value['pendingAttemptId']) && typeof value['maybeRotated'] === 'boolean';
  }
  return value['status'] === 'signedOut'
    && isTextOrNull(value['endedSessionId'])
    && isTextOrNull(value['endReason']);
}

function isSession(value: unknown): boolean {
  const session = asObject(value);
  const receipt = asObject(session?.['receipt']);
  return session !== null && receipt !== null
    && isName(session['sessionId'])
    && isCount(session['generation'])
    && tokenSetProblem(session['tokens']) === null
    && isNumber(receipt['receivedAt']) && isNumber(receipt['clockOffset'])
    && (receipt['lifetimeMs'] === null || isNumber(receipt['lifetimeMs']));
}

function isFailure(value: unknown): boolean {
  if (value === null) return true;
  const failure = asObject(value);
  return failure !== null
    && (failure['kind'] === 'transient' || failure['kind'] === 'misconfigured')
    && isCount(failure['failureCount']) && isNumber(failure['failedAt']) && isNumber(failure['delayMs'])
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
