/** An answer of the API that says no. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Reads the `data` of an answer.
 *
 * @throws ApiProblem when the answer says no, or is none of this API's
 */
export async function readData<T>(response: Response): Promise<T> {
  const body = (await response.json().catch(() => ({}))) as { data?: T; error?: { message?: string } };
  if (response.ok && body.data !== undefined) return body.data;
  throw new ApiProblem(response.status, body.error?.message ?? `The API answered HTTP ${response.status}.`);
}
