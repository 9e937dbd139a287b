import { badParameter } from './api-error.ts';

/** The fields of a request body. */
export type RequestFields = Readonly<Record<string, unknown>>;

/** Reads a body as JSON if its content type is JSON, else as a form; throws error 600 if the JSON is not an object. */
export function readFields(contentType: string | null, body: string): RequestFields {
  if (!/[/+]json\b/i.test(contentType ?? '')) return Object.fromEntries(new URLSearchParams(body));
  const value = parseJson(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badParameter('body', 'must be a JSON object');
  return value as RequestFields;
}

/** Returns a field that must be non-empty text; throws error 600 if it is not. */
export function textField(fields: RequestFields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value.trim() === '') throw badParameter(name, 'must be non-empty text');
  return value;
}

/** Returns a field that must be an array of texts, or in a form the JSON of such an array. Throws error 600 for any other value. */
export function listField(fields: RequestFields, name: string): readonly string[] {
  const field = fields[name];
  const value = typeof field === 'string' ? parseJson(field) : field;
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')) return value as string[];
  throw badParameter(name, 'must be a non-empty JSON array of ids');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
