const records: string[] = [];

/** Keeps something that anybody could see. */
export function record(...values: readonly unknown[]): void {
  for (const value of values) records.push(textOf(value));
}

/** Listens to the console, to errors and to the client's channel. */
export function gatherEvidence(channelName: string): void {
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const say = console[level].bind(console);
    console[level] = (...values: unknown[]) => {
      record(...values);
      say(...values);
    };
  }
  window.addEventListener('error', ({ error, message }) => record(message, error));
  window.addEventListener('unhandledrejection', ({ reason }) => record(reason));
  new BroadcastChannel(channelName).onmessage = ({ data }) => record(data);
}

/** All of it since the last time, and what the page looks like and has asked for. */
export function evidence(): string {
  const addresses = performance.getEntriesByType('resource').map(({ name }) => name);
  performance.clearResourceTimings();
  return [...records.splice(0), location.href, document.title, document.documentElement.outerHTML, ...addresses].join('\n');
}

function textOf(value: unknown): string {
  if (value instanceof Error) {
    const fields = Object.entries(value).map(([name, field]) => `${name}: ${textOf(field)}`);
    return [value.name, value.message, value.stack, ...fields, value.cause === undefined ? '' : textOf(value.cause)].join('\n');
  }
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
