import { badParameter } from './api-error.ts';

/** The fields of a request's body. */
export type RequestFields = Readonly<Record<string, unknown>>;

/** Reads a body as JSON when its type says so, else as a form; throws error 600 for JSON that is no object. */
export function readFields(contentType: string | null, body: string): RequestFields {
  if (!/[/+]json\b/i.test(contentType ?? '')) return Object.fromEntries(new URLSearchParams(body));
  const value = parseJson(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badParameter('body', 'must be a JSON object');
  return value as RequestFields;
}

/** A field that has to be text with something in it; throws error 600 when it is not. */
export function textField(fields: RequestFields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value.trim() === '') throw badParameter(name, 'must be text that is not empty');
  return value;
}

/** A field that has to be a list of texts, or in a form the JSON of one; throws error 600 when it is not. */
export function listField(fields: RequestFields, name: string): readonly string[] {
  const field = fields[name];
  const value = typeof field === 'string' ? parseJson(field) : field;
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')) return value as string[];
  throw badParameter(name, 'must be a JSON array of ids that is not empty');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
