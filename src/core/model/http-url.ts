/** Parses an absolute address; returns `null` for anything else. React Native has no `URL.canParse`. */
export function urlOf(value: string): URL | null {
  try {
    return new URL(value);
  } catch {
    return null;
  }
}

/** Parses an absolute http(s) address; returns `null` for anything else. */
export function httpUrl(value: unknown): URL | null {
  const url = typeof value === 'string' ? urlOf(value) : null;
  return url && /^https?:$/.test(url.protocol) ? url : null;
}
