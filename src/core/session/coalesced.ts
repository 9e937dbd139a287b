/** Runs a task after the one in progress. One run answers all requests that came before it, such as the messages of a frozen page. */
export function coalesced(task: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  let isDue = false;
  return async () => {
    if (isDue) return;
    isDue = true;
    await running;
    isDue = false;
    await (running = task());
  };
}
