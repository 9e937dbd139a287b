import { parseObject } from '../core/model/json.ts';

/** The longest body of a token request, characters. */
const MAX_LENGTH = 1000;

/**
 * Returns the generation of the token that the page has, `null` if it has none, and `undefined` if the body is not `{ "after": … }`.
 * It reads no more of a long body than necessary.
 */
export async function readAfter({ body }: Pick<Request, 'body'>): Promise<number | null | undefined> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (reader && text.length <= MAX_LENGTH) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
  }
  void reader?.cancel().catch(() => undefined);
  const after = text.length > MAX_LENGTH ? undefined : parseObject(text)?.['after'];
  return after === null || (typeof after === 'number' && Number.isInteger(after) && after >= 0) ? after : undefined;
}
