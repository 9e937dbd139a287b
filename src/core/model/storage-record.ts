import { asObject, parseObject, type JsonObject } from './json.ts';
import type { EndReason } from './refresh-outcome.ts';
import type { Receipt } from './token-life.ts';
import { tokenSetProblem, type TokenSet } from './token-set.ts';

/** The version of the envelope that this package writes. */
const RECORD_VERSION = 1;

/** A signed-in user's session, as all tabs share it. */
export interface Session {
  /** Drawn at sign-in; the same until the session ends. */
  readonly sessionId: string;
  /** Counts the token sets of this session, from 1. */
  readonly generation: number;
  readonly tokens: TokenSet;
  readonly receipt: Receipt;
}

/** The last refresh failed: what all tabs must know, so that together they stay within the backoff. */
export interface SharedFailure {
  readonly kind: 'transient' | 'misconfigured';
  /** Counts failures in a row, from 1. */
  readonly attempt: number;
  /** Epoch ms by the device's clock. */
  readonly failedAt: number;
  /** How long to wait from then, ms. */
  readonly delayMs: number;
  /** True when the API named the wait, or its answer may still come; being online again does not shorten it. */
  readonly mustWait: boolean;
  /** What happened, without any token. */
  readonly detail: string;
}

/** Where a record stands among the others that were ever written; see `record-order.ts`. */
export interface RecordPlace {
  /** Drawn when the first record is put into an empty storage; empty for one that was never stored. */
  readonly lineage: string;
  /** Counts sign-ins and ends of sessions, over all tabs. */
  readonly epoch: number;
  /** Counts the writes of this record, over all tabs and sessions. */
  readonly revision: number;
}

/** Somebody is signed in. */
export interface SignedInRecord extends RecordPlace {
  readonly status: 'signedIn';
  readonly session: Session;
  readonly failure: SharedFailure | null;
  /** Names the attempt whose refresh request is under way, or was when its tab died; `null` when its outcome is stored. */
  readonly asking: string | null;
  /** Whether the refresh token was sent once and no answer came: the API may have rotated it. */
  readonly inDoubt: boolean;
  readonly endedSessionId?: undefined;
  readonly endReason?: undefined;
}

/** Nobody is signed in; remembers which session ended and why, so that it cannot come back. */
export interface SignedOutRecord extends RecordPlace {
  readonly status: 'signedOut';
  readonly endedSessionId: string | null;
  readonly endReason: EndReason | null;
  readonly session?: undefined;
}

/** What storage holds. */
export type StorageRecord = SignedInRecord | SignedOutRecord;

/** What an empty storage means. */
export const EMPTY_RECORD: SignedOutRecord = { status: 'signedOut', lineage: '', epoch: 0, revision: 0, endedSessionId: null, endReason: null };

/** What reading storage gave. */
export type Decoded =
  | { readonly kind: 'record'; readonly record: StorageRecord }
  | { readonly kind: 'absent' }
  /** Not a record of ours, or a broken one. */
  | { readonly kind: 'damaged' }
  /** Written by a later version of this package: not ours to touch. */
  | { readonly kind: 'newer' };

/** Writes a record as text. */
export function encodeRecord(record: StorageRecord): string {
  return JSON.stringify({ version: RECORD_VERSION, ...record });
}

/** Reads what {@link encodeRecord} wrote, believing nothing. */
export function decodeRecord(raw: unknown): Decoded {
  if (raw === undefined || raw === null) return { kind: 'absent' };
  const { version, ...record } = (typeof raw === 'string' && parseObject(raw)) || {};
  if (typeof version === 'number' && version > RECORD_VERSION) return { kind: 'newer' };
  return version === RECORD_VERSION && isRecord(record) ? { kind: 'record', record } : { kind: 'damaged' };
}

function isRecord(value: JsonObject): value is JsonObject & StorageRecord {
  if (!isCount(value['revision']) || !isCount(value['epoch']) || !isName(value['lineage'])) return false;
  if (value['status'] === 'signedIn') {
    return isSession(value['session']) && isFailure(value['failure']) && isTextOrNull(value['asking']) && typeof value['inDoubt'] === 'boolean';
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
    && isCount(failure['attempt']) && isNumber(failure['failedAt']) && isNumber(failure['delayMs'])
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
