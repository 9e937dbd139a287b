import { redact } from '../core/model/redact.ts';

const LONGEST_QUOTE = 80;

/**
 * Describes a wrong setting for an error message.
 *
 * Text is quoted without credentials, query and fragment, because these parts of an address can hold a secret.
 *
 * @param value any value that is not a secret as a whole; for a secret see {@link kindOf}
 */
export function given(value: unknown): string {
  if (typeof value !== 'string' || value === '') return kindOf(value);
  const quotable = value.replace(/\/\/[^/?#]*@/, '//…@').replace(/[?#].*$/s, (rest) => `${rest.charAt(0)}…`);
  return JSON.stringify(redact(quotable).slice(0, LONGEST_QUOTE));
}

/**
 * Names the kind of a value for an error message, without quoting text.
 *
 * @param value any value, a secret included
 */
export function kindOf(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'an empty string' : 'a string';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}
