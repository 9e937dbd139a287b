/**
 * Describes a wrong setting, to complete an error message.
 *
 * An address is quoted without credentials, query and fragment, because these parts can hold a secret.
 *
 * @param value any value that is not a secret as a whole; for a secret see {@link typeGiven}
 */
export function given(value: unknown): string {
  if (typeof value === 'string') return `it is ${JSON.stringify(value.replace(/\/\/[^/]*@/, '//…@').replace(/[?#].+/s, '…'))}`;
  return value === Object(value) ? typeGiven(value) : `it is ${String(value)}`;
}

/**
 * Describes a wrong value by its type only, to complete an error message.
 *
 * @param value any value, a secret included
 */
export function typeGiven(value: unknown): string {
  return `its type is ${Array.isArray(value) ? 'array' : value === null ? value : typeof value}`;
}
