import { messageOfCode, statusOfCode } from './error-table.ts';

/** What may differ from an error code's usual answer. */
export interface ApiErrorDetails {
  readonly status?: number | undefined;
  readonly message?: string | undefined;
  readonly params?: readonly unknown[] | undefined;
}

/** An answer of the API that says no: thrown by the routes, sent as `{"error":{"message","code","params"?}}`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  readonly status: number;
  readonly params: readonly unknown[] | undefined;

  constructor(code: number, details: ApiErrorDetails = {}) {
    super(details.message ?? messageOfCode(code));
    this.code = code;
    this.status = details.status ?? statusOfCode(code);
    this.params = details.params;
  }

  /** The response that carries this error. */
  toResponse(headers: Readonly<Record<string, string>> = {}): Response {
    const error = { message: this.message, code: this.code, ...(this.params && { params: this.params }) };
    return Response.json({ error }, { status: this.status, headers });
  }
}

/** The error for a parameter that is missing or wrong. */
export function badParameter(name: string, right: string): ApiError {
  return new ApiError(600, { message: `\`${name}\` ${right}.`, params: [name] });
}
