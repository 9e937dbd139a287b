import { messageOfCode, statusOfCode } from './error-table.ts';

/** The parts of an error answer that can differ from the usual answer of its code. */
export interface ApiErrorDetails {
  readonly status?: number | undefined;
  readonly message?: string | undefined;
  readonly params?: readonly unknown[] | undefined;
}

/** An error answer of the API. The routes throw it, and the router sends it as `{"error":{"message","code","params"?}}`. */
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

  /** Makes the response that carries this error. */
  toResponse(headers: Readonly<Record<string, string>> = {}): Response {
    const error = { message: this.message, code: this.code, ...(this.params && { params: this.params }) };
    return Response.json({ error }, { status: this.status, headers });
  }
}

/** Makes the error for a parameter that is missing or wrong. */
export function badParameter(name: string, rule: string): ApiError {
  return new ApiError(600, { message: `\`${name}\` ${rule}.`, params: [name] });
}
