import { invalidConfig } from '../core/model/auth-error.ts';
import { httpUrl } from '../core/model/http-url.ts';
import { given } from '#words';
import type { StorageOption } from '../core/storage/storage.ts';
import type { ServerMetadata } from './server-metadata.ts';
import type { SignInWindow } from './sign-in-window.ts';

/** The addresses of an authorization server that has no discovery document. */
export interface RedirectEndpoints {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly pushedAuthorizationRequestEndpoint?: string | undefined;
  readonly endSessionEndpoint?: string | undefined;
  readonly userInfoEndpoint?: string | undefined;
}

/** The settings of a sign-in by redirect. */
export interface RedirectSignInConfig {
  /**
   * The issuer identifier of the authorization server, such as `https://id.example.com`, exactly as it writes it. Its endpoints are read from
   * its discovery document. Plain http is for `localhost` only.
   */
  readonly issuer: string;
  /** The endpoints, if the server has no discovery document. */
  readonly endpoints?: RedirectEndpoints | undefined;
  readonly clientId: string;
  /** The address that the server sends the user back to, as registered there, or its path on this origin, such as `/callback`. */
  readonly redirectUri: string;
  /** The scopes, separated by spaces. Default: `openid offline_access`. */
  readonly scope?: string | undefined;
  /** The APIs that the tokens of a sign-in are for, at a server with resource indicators (RFC 8707). */
  readonly resource?: string | readonly string[] | undefined;
  /** Further parameters of each authorization request, such as `{ audience: 'https://api.example.com' }`. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Keeps the flows. Default: IndexedDB, over the connection of the client if it has one. */
  readonly storage?: StorageOption | undefined;
  /** The window of the page. Default: that of the browser. */
  readonly window?: SignInWindow | undefined;
}

/** Checked settings. */
export interface CheckedConfig extends RedirectSignInConfig {
  readonly scope: string;
  /** The metadata, if `endpoints` are given. */
  readonly server: ServerMetadata | null;
}

/** The parameters that this package sets itself. */
const OWN_PARAMETERS = ['client_id', 'redirect_uri', 'response_type', 'response_mode', 'state', 'nonce', 'code_challenge', 'code_challenge_method', 'scope', 'dpop_jkt', 'request', 'request_uri'];

/** Whether an address is on this device, where plain http is safe. */
export function isLoopback(address: string): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])$/.test(httpUrl(address)?.hostname ?? '');
}

/**
 * Checks the settings.
 *
 * @throws AuthError `invalid_config` that names the field
 */
export function checkedConfig(config: RedirectSignInConfig): CheckedConfig {
  const { issuer, endpoints, clientId, redirectUri, scope = 'openid offline_access', parameters = {} } = config ?? {};
  checkAddress('issuer', issuer);
  if (typeof clientId !== 'string' || clientId === '') throw invalidConfig('clientId', `must be the id of your client${given(clientId)}`);
  if (typeof redirectUri !== 'string' || !(/^\/(?![/\\])/.test(redirectUri) || httpUrl(redirectUri))) throw invalidConfig('redirectUri', `must be an http(s) address, or a path of this origin such as "/callback"${given(redirectUri)}`);
  if (typeof scope !== 'string') throw invalidConfig('scope', `must be a text with scopes, separated by spaces${given(scope)}`);
  checkParameters('parameters', parameters);
  return { ...config, scope, parameters, server: endpoints ? metadataOf(issuer, endpoints) : null };
}

/** @throws AuthError `invalid_config` if a parameter is one that this package sets, or no text */
export function checkParameters(field: string, parameters: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (OWN_PARAMETERS.includes(name)) throw invalidConfig(`${field}.${name}`, 'must be left out, because the sign-in sets it itself');
    if (typeof value !== 'string') throw invalidConfig(`${field}.${name}`, `must be a text${given(value)}`);
  }
}

function metadataOf(issuer: string, endpoints: RedirectEndpoints): ServerMetadata {
  const { authorizationEndpoint, tokenEndpoint, pushedAuthorizationRequestEndpoint, endSessionEndpoint, userInfoEndpoint } = endpoints;
  for (const [name, address] of Object.entries(endpoints)) if (address !== undefined) checkAddress(`endpoints.${name}`, address);
  checkAddress('endpoints.authorizationEndpoint', authorizationEndpoint);
  checkAddress('endpoints.tokenEndpoint', tokenEndpoint);
  return {
    issuer,
    authorization_endpoint: authorizationEndpoint,
    token_endpoint: tokenEndpoint,
    pushed_authorization_request_endpoint: pushedAuthorizationRequestEndpoint,
    end_session_endpoint: endSessionEndpoint,
    userinfo_endpoint: userInfoEndpoint,
  };
}

function checkAddress(field: string, address: unknown): void {
  const url = httpUrl(address);
  if (url && !url.hash && !url.username && !url.password && (url.protocol === 'https:' || isLoopback(url.href))) return;
  throw invalidConfig(field, `must be an https address without fragment and credentials, such as "https://id.example.com"${given(address)}`);
}
