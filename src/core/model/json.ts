/** A JSON object whose members are unknown. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Returns a value as an object, or `null` if it is none. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** Returns the member at a path in the JSON object of a text; `undefined` if there is none. */
export function memberAt(text: string, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => asObject(value)?.[name], parseObject(text));
}

/** Parses a JSON object, or returns `null`. The parser's own error would quote the text, which may contain tokens. */
export function parseObject(text: string): JsonObject | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}
