import { errorCodeIn } from './auth';

/** The error of an answer with an error status. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string | null;

  constructor(status: number, code: string | null) {
    super(`The API answered HTTP ${status}${code === null ? '' : ` (${code})`}.`);
    this.status = status;
    this.code = code;
  }
}

/** Reads the JSON of an answer, or throws an `ApiError`: `authedFetch('/orders').then(readJson<Order[]>)`. */
export async function readJson<T>(response: Response): Promise<T> {
  const body = await response.text();
  if (!response.ok) throw new ApiError(response.status, errorCodeIn(body));
  return JSON.parse(body) as T;
}
