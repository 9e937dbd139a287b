import { given } from '../core/words.ts';

function problem(field: string, rule: string, value: unknown): string {
  return `\`${field}\` ${rule}${given(value)}.`;
}

/** Throws a `TypeError` that names the field unless the value is a boolean. */
export function checkBoolean(field: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new TypeError(problem(field, 'must be true or false', value));
}

/** Throws a `TypeError` that names the field unless the value is a function. */
export function checkFunction(field: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(problem(field, 'must be a function', value));
}

/** Throws a `TypeError` that names the field unless the value is an object with members by name. */
export function checkObject(field: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError(problem(field, 'must be an object', value));
}

/** Throws a `TypeError` that names the field unless the value is an array of strings. */
export function checkTexts(field: string, value: unknown): void {
  const isList = Array.isArray(value);
  if (!isList) throw new TypeError(problem(field, 'must be an array of strings', value));
  for (const [index, one] of value.entries()) checkText(`${field}[${index}]`, one);
}

/** Throws a `TypeError` that names the field unless the value is a non-empty string. */
export function checkText(field: string, value: unknown): void {
  if (typeof value !== 'string' || value.trim() === '') throw new TypeError(problem(field, 'must be a non-empty string', value));
}

/** Throws a `TypeError` or a `RangeError` that names the field unless the value is the address of an API. */
export function checkBaseUrl(field: string, value: unknown): void {
  const rule = 'must be an absolute http(s) address such as "https://api.bonfire.camp/v1"';
  if (typeof value !== 'string') throw new TypeError(problem(field, rule, value));
  if (!URL.canParse(value) || !/^https?:/i.test(value)) throw new RangeError(problem(field, rule, value));
}

/** Throws a `TypeError` that names the field unless the value is one of a few. */
export function checkOneOf(field: string, value: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(value)) return;
  throw new TypeError(problem(field, `must be one of ${allowed.map((one) => JSON.stringify(one)).join(', ')}`, value));
}

/**
 * Throws a `TypeError` unless the value is a number, and a `RangeError` unless it is allowed; both name the field.
 *
 * @param rule completes the message, such as `must be 0 or more`
 */
export function checkNumber(field: string, value: unknown, rule: string, isAllowed: (value: number) => boolean): void {
  if (typeof value !== 'number') throw new TypeError(problem(field, rule, value));
  if (!isAllowed(value)) throw new RangeError(problem(field, rule, value));
}
