function say(field: string, right: string, value: unknown): string {
  return `\`${field}\` ${right}, not ${typeof value === 'string' ? JSON.stringify(value) : String(value)}.`;
}

/** Throws a `TypeError` that names the field unless the value is a boolean. */
export function checkBoolean(field: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new TypeError(say(field, 'must be true or false', value));
}

/** Throws a `TypeError` that names the field unless the value is a function. */
export function checkFunction(field: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(say(field, 'must be a function', value));
}

/** Throws a `TypeError` that names the field unless the value is a string with something in it. */
export function checkText(field: string, value: unknown): void {
  if (typeof value !== 'string' || value.trim() === '') throw new TypeError(say(field, 'must be a string that is not empty', value));
}

/** Throws a `TypeError` that names the field unless the value is one of a few. */
export function checkOneOf(field: string, value: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(value)) return;
  throw new TypeError(say(field, `must be one of ${allowed.map((one) => JSON.stringify(one)).join(', ')}`, value));
}

/** Throws unless the value is a number for which `holds`: `right` says what would be. */
export function checkNumber(field: string, value: unknown, right: string, holds: (value: number) => boolean): void {
  if (typeof value !== 'number') throw new TypeError(say(field, right, value));
  if (!holds(value)) throw new RangeError(say(field, right, value));
}
