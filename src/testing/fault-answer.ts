import { ApiError } from './api-error.ts';
import { ConnectionDrop } from './connection-drop.ts';
import type { ApiFault, BodyFault, HangFault, LateFault, StatusFault } from './fault.ts';

const NO_BODY = [204, 205, 304];
const PORTAL_PAGE = '<!doctype html><title>Guest network</title><h1>Sign in to the guest network</h1>';

/** Makes the answer that replaces the API's own. */
export function faultAnswer(fault: Exclude<ApiFault, HangFault | LateFault>): Response {
  switch (fault.kind) {
    case 'status':
      return statusAnswer(fault);
    case 'error':
      return new ApiError(fault.code, fault).toResponse(retryAfter(fault.retryAfter));
    case 'html':
    case 'empty':
    case 'malformed':
      return bodyAnswer(fault);
    case 'dropBefore':
    case 'dropAfter':
      throw new ConnectionDrop();
  }
}

/** Returns the error code in a fault's answer, if it has one. */
export function faultCode(fault: ApiFault): number | undefined {
  if (fault.kind === 'error') return fault.code;
  return fault.kind === 'status' ? fault.errorCode : undefined;
}

function statusAnswer({ status, errorCode, ...fault }: StatusFault): Response {
  const headers = retryAfter(fault.retryAfter);
  if (errorCode !== undefined) return new ApiError(errorCode, { status }).toResponse(headers);
  return new Response(`HTTP ${status}`, { status, headers: { 'Content-Type': 'text/plain', ...headers } });
}

function bodyAnswer({ kind, status = 200 }: BodyFault): Response {
  if (kind === 'empty' || NO_BODY.includes(status)) return new Response(null, { status });
  if (kind === 'html') return new Response(PORTAL_PAGE, { status, headers: { 'Content-Type': 'text/html' } });
  return new Response('{"data":{"id":1,"ty', { status, headers: { 'Content-Type': 'application/json' } });
}

function retryAfter(value: string | number | undefined): Record<string, string> {
  return value === undefined ? {} : { 'Retry-After': String(value) };
}
