import { ENDPOINTS, type Endpoint } from './endpoint.ts';
import { checkBoolean, checkNumber, checkOneOf } from './option-check.ts';

/** Which requests a fault befalls, and whether the server does its part nevertheless. */
interface FaultTarget {
  /** The endpoint, or `*` for all of them. */
  readonly endpoint: Endpoint | '*';
  /** How many requests it befalls (all of them, until it is removed). */
  readonly times?: number;
  /** True: the server processes the request first, a rotation included, and only its answer is lost (false). */
  readonly after?: boolean;
}

/** An HTTP status from something in front of the API: a gateway, a rate limiter. */
export interface StatusFault extends FaultTarget {
  readonly kind: 'status';
  /** 400 to 599. */
  readonly status: number;
  /** The `Retry-After` header: seconds, or text such as an HTTP date. */
  readonly retryAfter?: string | number;
  /** Gives the answer a Bonfire error body with this code; without it the body is plain text. */
  readonly errorCode?: number;
}

/** One of the API's own errors, such as 980 or 730. */
export interface ErrorFault extends FaultTarget {
  readonly kind: 'error';
  readonly code: number;
  /** HTTP status (the one that goes with the code). */
  readonly status?: number;
  readonly message?: string;
  readonly params?: readonly unknown[];
  /** The `Retry-After` header: seconds, or text such as an HTTP date. */
  readonly retryAfter?: string | number;
}

/** A body that is no answer of this API: a captive portal's page, nothing at all, JSON that breaks off. */
export interface BodyFault extends FaultTarget {
  readonly kind: 'html' | 'empty' | 'malformed';
  /** HTTP status (200). */
  readonly status?: number;
}

/** The connection breaks, before (`dropBefore`) or after (`dropAfter`) the server has processed the request. */
export interface DropFault extends Omit<FaultTarget, 'after'> {
  readonly kind: 'dropBefore' | 'dropAfter';
}

/** No answer comes, until the request is aborted or the fault is removed: then the connection breaks. */
export interface HangFault extends FaultTarget {
  readonly kind: 'hang';
}

/** Something that goes wrong between a client and the API. */
export type ApiFault = StatusFault | ErrorFault | BodyFault | DropFault | HangFault;

const KINDS: readonly ApiFault['kind'][] = ['status', 'error', 'html', 'empty', 'malformed', 'dropBefore', 'dropAfter', 'hang'];

/** Whether the server processes a request that this fault befalls. */
export function isProcessed(fault: ApiFault): boolean {
  return fault.kind === 'dropAfter' || ('after' in fault && fault.after === true);
}

/**
 * Checks a fault.
 *
 * @throws TypeError or RangeError that names the field and what would be right
 */
export function checkFault(fault: ApiFault): void {
  checkOneOf('endpoint', fault.endpoint, [...ENDPOINTS, '*']);
  checkOneOf('kind', fault.kind, KINDS);
  if (fault.times !== undefined) {
    checkNumber('times', fault.times, 'must be a whole number, 1 or more, or Infinity', (n) => n >= 1 && (n === Infinity || Number.isInteger(n)));
  }
  if ('after' in fault && fault.after !== undefined) checkBoolean('after', fault.after);
  if (fault.kind === 'status' || fault.kind === 'error') checkStatus(fault.kind === 'status', fault.status, 400);
  if (fault.kind === 'error') checkNumber('code', fault.code, 'must be an error code, a whole number', Number.isInteger);
  if (fault.kind === 'html' || fault.kind === 'empty' || fault.kind === 'malformed') checkStatus(false, fault.status, 200);
}

function checkStatus(required: boolean, status: number | undefined, from: number): void {
  if (status === undefined && !required) return;
  checkNumber('status', status, `must be an HTTP status from ${from} to 599`, (n) => Number.isInteger(n) && n >= from && n < 600);
}
