import { invalidConfig } from '../core/model/auth-error.ts';
import { checkedOrigins } from '../core/model/base-url.ts';
import { asObject } from '../core/model/json.ts';
import type { Protocol, TokenRequest } from '../core/model/protocol.ts';
import { given } from '#words';

/** What a token request says about the API that the access token is for. An authorization server reads some of these parameters. */
export interface ApiParameters {
  /** The address that identifies the API at the authorization server (RFC 8707). */
  readonly resource?: string | undefined;
  /** The name of the API at servers that call it the audience, such as Auth0. */
  readonly audience?: string | undefined;
  /** The scopes of the access token, separated by spaces. */
  readonly scope?: string | undefined;
}

const NAMES = ['resource', 'audience', 'scope'] as const;

/** An API of the app. */
export interface Api {
  readonly origin: string;
  /** Names its access token in the record of the session. APIs with the same parameters share one. */
  readonly name: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/**
 * Checks the APIs of an app.
 *
 * @throws AuthError `invalid_config` that names the API
 */
export function checkedApis(apis: unknown): readonly Api[] {
  const entries = Object.entries(asObject(apis) ?? {});
  if (entries.length === 0) throw invalidConfig('apis', 'must be an object with the parameters of each API by its origin, such as { "https://files.example.com": { resource: "https://files.example.com/" } }');
  return entries.map(([address, value]) => {
    const [origin = ''] = checkedOrigins([address], 'apis');
    const given = asObject(value) ?? {};
    const parameters = NAMES.flatMap((name) => (given[name] === undefined ? [] : [[name, checkedText(`apis["${origin}"].${name}`, given[name])] as const]));
    if (parameters.length === 0) throw invalidConfig(`apis["${origin}"]`, 'must have a `resource`, an `audience` or a `scope`, so that the authorization server knows which API the token is for');
    return { origin, name: `${new URLSearchParams(parameters.map((pair) => [...pair]))}`, parameters };
  });
}

function checkedText(field: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw invalidConfig(field, `must be a non-empty text${given(value)}`);
  return value;
}

/**
 * Makes the token request of one API from that of the session.
 *
 * @throws AuthError `invalid_config`, with the field `client`, if the request is no form
 * @see RFC 8707 section 2.2
 */
export function requestFor({ parameters }: Api, request: TokenRequest): TokenRequest {
  if (!isForm(request)) throw noForm();
  const fields = new URLSearchParams(request.body);
  for (const name of NAMES) fields.delete(name);
  for (const [name, value] of parameters) fields.set(name, value);
  return { ...request, body: `${fields}` };
}

/** @throws AuthError `invalid_config`, with the field `client`, if the token requests of the protocol cannot name an API */
export function checkRequests({ refreshRequest }: Pick<Protocol, 'refreshRequest'>): void {
  if (!isForm(refreshRequest('example'))) throw noForm();
}

function isForm({ headers }: TokenRequest): boolean {
  return Object.entries(headers).some(([name, value]) => /^content-type$/i.test(name) && value.startsWith('application/x-www-form-urlencoded'));
}

function noForm() {
  return invalidConfig('client', 'must have a protocol whose token requests are forms, such as `oauth2`, because they name the API');
}
