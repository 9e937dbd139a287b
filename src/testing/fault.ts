import { ENDPOINTS, type Endpoint } from './endpoint.ts';
import { checkBoolean, checkNumber, checkObject, checkOneOf } from './option-check.ts';

/** The requests that a fault applies to, and whether the server still processes them. */
interface FaultTarget {
  /** The endpoint, or `*` for all endpoints. */
  readonly endpoint: Endpoint | '*';
  /** How many requests it applies to; by default all, until it is removed. */
  readonly times?: number;
  /** If true, the server processes the request, a rotation included, and only its answer is lost; default false. */
  readonly after?: boolean;
}

/** An HTTP status of a gateway or a rate limiter in front of the API. */
export interface StatusFault extends FaultTarget {
  readonly kind: 'status';
  /** The HTTP status, 400 to 599. */
  readonly status: number;
  /** The `Retry-After` header: seconds, or text such as an HTTP date. */
  readonly retryAfter?: string | number;
  /** The code of a Bonfire error body; without it the body is plain text. */
  readonly errorCode?: number;
}

/** One of the API's own errors, such as 980 or 730. */
export interface ErrorFault extends FaultTarget {
  readonly kind: 'error';
  readonly code: number;
  /** The HTTP status; by default the one of the code. */
  readonly status?: number;
  readonly message?: string;
  readonly params?: readonly unknown[];
  /** The `Retry-After` header: seconds, or text such as an HTTP date. */
  readonly retryAfter?: string | number;
}

/** A body that the API itself never sends: a captive portal's page (`html`), no body (`empty`), or truncated JSON (`malformed`). */
export interface BodyFault extends FaultTarget {
  readonly kind: 'html' | 'empty' | 'malformed';
  /** The HTTP status; default 200. */
  readonly status?: number;
}

/** A connection that breaks before (`dropBefore`) or after (`dropAfter`) the server has processed the request. */
export interface DropFault extends Omit<FaultTarget, 'after'> {
  readonly kind: 'dropBefore' | 'dropAfter';
}

/** A request without an answer. When it is aborted or the fault is removed, the connection breaks. */
export interface HangFault extends FaultTarget {
  readonly kind: 'hang';
}

/** An answer that arrives late. The server has processed the request at once. */
export interface LateFault extends Omit<FaultTarget, 'after'> {
  readonly kind: 'late';
  /** How long the answer takes, ms. */
  readonly delayMs: number;
}

/** A failure between a client and the API, for tests. */
export type ApiFault = StatusFault | ErrorFault | BodyFault | DropFault | HangFault | LateFault;

const KINDS: readonly ApiFault['kind'][] = ['status', 'error', 'html', 'empty', 'malformed', 'dropBefore', 'dropAfter', 'hang', 'late'];

/** Returns whether the server processes a request that the fault applies to. */
export function isProcessed(fault: ApiFault): boolean {
  return fault.kind === 'dropAfter' || ('after' in fault && fault.after === true);
}

/**
 * Checks a fault.
 *
 * @throws TypeError or RangeError that names the field, its rule and its value
 */
export function checkFault(fault: ApiFault): void {
  checkObject('fault', fault);
  checkOneOf('endpoint', fault.endpoint, [...ENDPOINTS, '*']);
  checkOneOf('kind', fault.kind, KINDS);
  if (fault.times !== undefined) {
    checkNumber('times', fault.times, 'must be a whole number, 1 or more, or Infinity', (n) => n >= 1 && (n === Infinity || Number.isInteger(n)));
  }
  if ('after' in fault && fault.after !== undefined) checkBoolean('after', fault.after);
  if (fault.kind === 'late') checkNumber('delayMs', fault.delayMs, 'must be a number of ms, 0 or more', (ms) => ms >= 0 && Number.isFinite(ms));
  if (fault.kind === 'status' || fault.kind === 'error') checkStatus(fault.kind === 'status', fault.status, 400);
  if (fault.kind === 'error') checkNumber('code', fault.code, 'must be an error code, a whole number', Number.isInteger);
  if (fault.kind === 'html' || fault.kind === 'empty' || fault.kind === 'malformed') checkStatus(false, fault.status, 200);
}

function checkStatus(required: boolean, status: number | undefined, from: number): void {
  if (status === undefined && !required) return;
  checkNumber('status', status, `must be an HTTP status from ${from} to 599`, (n) => Number.isInteger(n) && n >= from && n < 600);
}
