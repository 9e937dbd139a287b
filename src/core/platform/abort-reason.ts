/** Returns the reason of a signal that has aborted. A signal of React Native has none, and `fetch` rejects with an `AbortError` there. */
export function reasonOf(signal: AbortSignal): unknown {
  return signal.reason === undefined ? Object.assign(new Error('Aborted'), { name: 'AbortError' }) : signal.reason;
}
