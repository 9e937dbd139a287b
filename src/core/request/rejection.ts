import { withDeadline } from '../platform/deadline.ts';
import type { Protocol } from '../model/protocol.ts';
import type { Platform } from '../platform/platform.ts';
import { answerOf } from '../endpoint/token-endpoint.ts';

/** An error answer is small and there at once; one that is not is no rejection. */
const BODY_DEADLINE_MS = 10_000;
const BODY_LIMIT = 64 * 1024;

/** Whether the API rejects the access token with this response; its body stays unread for the caller. */
export async function isRejected(platform: Platform, protocol: Protocol, response: Response): Promise<boolean> {
  if (!protocol.mayReject(response.status)) return false;
  try {
    return protocol.isRejection(answerOf(response, await peek(platform, response), platform.now().wall));
  } catch {
    return false; // A body that breaks off, or is not what the protocol reads: the caller meets that trouble, or none, in the answer itself.
  }
}

async function peek(platform: Platform, response: Response): Promise<string> {
  if (response.bodyUsed || response.body?.locked) return ''; // An interceptor reads it: the status is left to tell.
  const reader = response.clone().body?.getReader();
  if (!reader) return '';
  try {
    return await withDeadline(platform, BODY_DEADLINE_MS, () => readText(reader));
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

async function readText(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    text += decoder.decode(value, { stream: !done });
    if (done || text.length > BODY_LIMIT) return text;
  }
}
