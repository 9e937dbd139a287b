import type { Breakpoint } from './harness.ts';

let reached: () => void = () => undefined;
const stopped = new Promise<void>((resolve) => (reached = resolve));

/** Stops the next refresh of this tab at one of its phases, for good. */
export function setBreakpoint(breakpoint: Breakpoint, tokenUrl: string, channelName: string): void {
  if (breakpoint === 'request') stopRequests(tokenUrl);
  else stopMessages(tokenUrl, channelName);
}

/** Waits until the refresh has stopped. */
export function untilAtBreakpoint(): Promise<void> {
  return stopped;
}

function stopRequests(tokenUrl: string): void {
  const send = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    if (input !== tokenUrl) return send(input, init);
    reached();
    return new Promise(() => undefined);
  };
}

/** Stops the messages to other tabs once the refresh is answered. Messages before that are about the attempt, and pass. */
function stopMessages(tokenUrl: string, channelName: string): void {
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
