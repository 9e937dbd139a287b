const records: string[] = [];

/** Records values that the page exposes. */
export function record(...values: readonly unknown[]): void {
  for (const value of values) records.push(textOf(value));
}

/** Records what reaches the console, the error events and the client's channel. */
export function collectExposedText(channelName: string): void {
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const print = console[level].bind(console);
    console[level] = (...values: unknown[]) => {
      record(...values);
      print(...values);
    };
  }
  window.addEventListener('error', ({ error, message }) => record(message, error));
  window.addEventListener('unhandledrejection', ({ reason }) => record(reason));
  new BroadcastChannel(channelName).onmessage = ({ data }) => record(data);
}

/** Returns what was recorded since the last time, with the page's HTML and the addresses of its requests. */
export function exposedText(): string {
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
