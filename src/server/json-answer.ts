/** Creates an answer with a JSON body that no cache keeps. */
export function jsonAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers } });
}

/** Creates an answer that refuses a request. */
export function refusal(status: number, error: string, headers?: Readonly<Record<string, string>>): Response {
  return jsonAnswer(status, { error }, headers);
}
