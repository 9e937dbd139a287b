/** A JSON object whose members are still unknown. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A value as an object, or `null`. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** What stands at a path in the JSON object of a text; `undefined` where there is nothing. */
export function memberAt(text: string, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => asObject(value)?.[name], parseObject(text));
}

/** The JSON object in a text, or `null`; the parser's own error would quote the text, and the text may hold tokens. */
export function parseObject(text: string): JsonObject | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}
