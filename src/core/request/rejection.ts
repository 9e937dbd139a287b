import { answerOf } from '../model/answer.ts';
import type { Protocol } from '../model/protocol.ts';
import type { Session } from '../model/storage-record.ts';
import { isRenewable } from '../model/token-set.ts';
import { withDeadline } from '../platform/deadline.ts';
import { runOwnCode } from '../platform/own-code.ts';
import type { Platform } from '../platform/platform.ts';

/** A rejection is small and arrives at once. A body beyond these limits is not one. */
const BODY_DEADLINE_MS = 10_000;
const BODY_LIMIT = 64 * 1024;

/** How long a token that was rejected right after its refresh is not refreshed again, ms. */
const MEMORY_MS = 30_000;

/** Keeps the last token that was rejected right after its refresh. An endpoint that rejects every token then costs one refresh in 30 s. */
export interface RejectionMemory {
  readonly add: (session: Session) => void;
  readonly has: (session: Session, current: Pick<Session, 'tokens'> | undefined) => boolean;
}

/** Creates the memory of one client. */
export function createRejectionMemory(platform: Platform): RejectionMemory {
  let last = { sessionId: '', generation: 0, until: 0 };
  return {
    add({ sessionId, generation }) {
      last = { sessionId, generation, until: platform.now().monotonic + MEMORY_MS };
    },
    // A newer token of another tab counts, too. Otherwise tabs would refresh in turns.
    has({ sessionId, generation, tokens }, current) {
      const isCurrent = current?.tokens.accessToken === tokens.accessToken;
      return isCurrent && last.sessionId === sessionId && last.generation <= generation && platform.now().monotonic < last.until;
    },
  };
}

/** Whether a response may reject the access token. If the protocol throws, the caller gets the response. */
export function mayBeRejected(platform: Platform, protocol: Protocol, response: Response): boolean {
  const { status } = response;
  return runOwnCode(platform, () => protocol.mayReject(status, (name) => response.headers.get(name)), () => false);
}

/**
 * Whether the API rejects the access token of a session with this response. The body stays unread for the caller.
 *
 * The answer to HEAD has no body that could say why, so its 401 counts. Without a refresh token it would end the session,
 * and a status is no proof.
 */
export async function isRejected(platform: Platform, protocol: Protocol, method: string, { tokens }: Session, response: Response): Promise<boolean> {
  if (!mayBeRejected(platform, protocol, response)) return false;
  if (method === 'HEAD' && response.status === 401 && !protocol.rejectionHeader && isRenewable(tokens)) return true;
  const body = await peek(platform, response).catch(() => null); // A body that breaks off does so for the caller, too.
  return body !== null && runOwnCode(platform, () => protocol.isRejection(answerOf(response, body, platform.now().wall)), () => false, body);
}

async function peek(platform: Platform, response: Response): Promise<string> {
  if (response.bodyUsed || response.body?.locked) return ''; // An interceptor is reading it, so only the status is left.
  const copy = response.clone();
  const reader = copy.body?.getReader();
  try {
    return await withDeadline(platform, BODY_DEADLINE_MS, () => (reader ? readText(reader) : copy.text())); // React Native has no streams.
  } finally {
    void reader?.cancel().catch(() => undefined);
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
