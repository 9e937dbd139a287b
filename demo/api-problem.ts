/** An error that the API, or a server in front of it, answered. */
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
 * @throws ApiProblem when the API answers an error, or when the answer is not JSON and so not the API's
 */
export async function readData<T>(response: Response): Promise<T> {
  const { status } = response;
  const body = (await response.json().catch(() => null)) as { data?: T; error?: { message?: string } | string } | null;
  if (body === null) throw new ApiProblem(status, foreignAnswer(response));
  if (response.ok && body.data !== undefined) return body.data;
  if (typeof body.error === 'string') throw new ApiProblem(status, `The server answered HTTP ${status} (${body.error}). Try again.`);
  throw new ApiProblem(status, body.error?.message ?? `The API answered HTTP ${status} without a reason. Try again.`);
}

/** A captive portal or a proxy answers with a page of its own, often as HTTP 200. */
function foreignAnswer({ status, headers }: Response): string {
  const type = headers.get('Content-Type')?.split(';')[0] ?? 'no content';
  return `Expected JSON from the API, got ${type} (HTTP ${status}). The network may want you to sign in to it first.`;
}
