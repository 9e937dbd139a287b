import type { Brake } from './harness.ts';

let reached: () => void = () => undefined;
const standing = new Promise<void>((resolve) => (reached = resolve));

/** Makes the next refresh of this tab stop at one of its phases, for good. */
export function setBrake(brake: Brake, tokenUrl: string, channelName: string): void {
  if (brake === 'request') brakeRequests(tokenUrl);
  else brakeMessages(tokenUrl, channelName);
}

/** Waits until the refresh stands. */
export function untilBraked(): Promise<void> {
  return standing;
}

function brakeRequests(tokenUrl: string): void {
  const send = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    if (input !== tokenUrl) return send(input, init);
    reached();
    return new Promise(() => undefined);
  };
}

/** What is told before the answer is about the attempt, and passes. */
function brakeMessages(tokenUrl: string, channelName: string): void {
  let isAnswered = false;
  const send = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const response = await send(input, init);
    isAnswered ||= input === tokenUrl;
    return response;
  };
  const post = BroadcastChannel.prototype.postMessage;
  BroadcastChannel.prototype.postMessage = function (message: unknown) {
    if (this.name !== channelName || !isAnswered) return post.call(this, message);
    reached();
  };
}
