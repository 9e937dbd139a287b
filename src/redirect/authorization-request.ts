import { calculatePKCECodeChallenge, generateRandomCodeVerifier, generateRandomNonce, generateRandomState, None, processPushedAuthorizationResponse, pushedAuthorizationRequest } from 'oauth4webapi';
import { invalidConfig } from '../core/model/auth-error.ts';
import { withDeadline } from '../core/platform/deadline.ts';
import type { Platform } from '../core/platform/platform.ts';
import { checkParameters, type CheckedConfig } from './config.ts';
import type { Flow } from './flow.ts';
import { signInError } from './redirect-error.ts';
import { returnPath } from './return-to.ts';
import { ANSWER_MS, asServer, requestOptions, type ServerMetadata } from './server-metadata.ts';

/** The options of one sign-in. */
export interface StartOptions {
  /** Where the user goes on, a path of this origin. Default: the page that starts the sign-in. */
  readonly returnTo?: string | undefined;
  /** What the server asks the user for: `login`, `consent`, `select_account`, `create`; with `none` it asks nothing, and refuses if it has to. */
  readonly prompt?: string | undefined;
  /** The user's name or address, if the app knows it. */
  readonly loginHint?: string | undefined;
  /** The ways of authentication that the app asks for, separated by spaces (OpenID Connect Core section 3.1.2.1). */
  readonly acrValues?: string | undefined;
  /** The longest time since the user was authenticated, seconds. */
  readonly maxAge?: number | undefined;
  /** The API that the access token is for, or all APIs that the refresh token is for (RFC 8707). Default: `resource` of the settings. */
  readonly resource?: string | readonly string[] | undefined;
  /** Further scopes, separated by spaces. */
  readonly scope?: string | undefined;
  /** Further parameters of the authorization request. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Signs in in a window of its own; call `start` in the click, because browsers block other windows. Default: false. */
  readonly popup?: boolean | undefined;
}

/** A sign-in that is ready to begin. */
export interface Prepared {
  readonly state: string;
  readonly flow: Flow;
  readonly parameters: Parameters;
}

/** Parameters of a request. One with several values is sent several times. */
type Parameters = Readonly<Record<string, string | readonly string[]>>;

/**
 * Draws the secrets of a sign-in and writes its authorization request.
 *
 * @param jkt the name of the key that the code is bound to, if there is one
 * @throws AuthError `invalid_config` that names the option
 * @see RFC 6749 section 4.1.1, RFC 7636 section 4.3
 */
export async function prepareFlow(config: CheckedConfig, server: ServerMetadata, options: StartOptions, pageUrl: string, now: number, jkt?: string): Promise<Prepared> {
  const { returnTo = pageUrl, prompt, loginHint, acrValues, maxAge, resource = config.resource, scope = '', parameters = {}, popup = false } = options;
  checkParameters('parameters', parameters);
  if (maxAge !== undefined && !(Number.isSafeInteger(maxAge) && maxAge >= 0)) throw invalidConfig('maxAge', 'must be a whole number of seconds, 0 or more');
  const [state, nonce, verifier] = [generateRandomState(), generateRandomNonce(), generateRandomCodeVerifier()];
  const redirectUri = new URL(config.redirectUri, pageUrl).href;
  const scopes = [...new Set(`${config.scope} ${scope}`.split(' '))].filter(Boolean);
  const isOpenId = scopes.includes('openid');
  const optional = { prompt, login_hint: loginHint, acr_values: acrValues, max_age: maxAge?.toString(), resource, nonce: isOpenId ? nonce : undefined };
  const given = Object.entries(optional).filter((entry): entry is [string, string | readonly string[]] => entry[1] !== undefined);
  return {
    state,
    flow: { nonce, verifier, returnTo: returnPath(returnTo, pageUrl), startedAt: now, redirectUri, server, maxAge, isOpenId, jkt, isPopup: popup },
    parameters: {
      ...config.parameters,
      ...parameters,
      ...Object.fromEntries(given),
      client_id: config.clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      ...(scopes.length > 0 && { scope: scopes.join(' ') }),
      state,
      ...(jkt !== undefined && { dpop_jkt: jkt }),
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    },
  };
}

/**
 * Returns the address of the authorization request. If the server requires it, the parameters are pushed to it first, and the address only
 * names them.
 *
 * @throws AuthError `grant_unavailable`, `misconfigured`, `invalid_response`
 * @see RFC 9126
 */
export async function requestAddress(platform: Platform, clientId: string, { flow: { server }, parameters }: Prepared): Promise<string> {
  const address = new URL(server.authorization_endpoint);
  const fields = fieldsOf(server.require_pushed_authorization_requests ? await push(platform, clientId, server, parameters) : parameters);
  for (const [name] of fields) address.searchParams.delete(name); // The address may have a query of its own.
  for (const [name, value] of fields) address.searchParams.append(name, value);
  return address.href;
}

function fieldsOf(parameters: Parameters): [name: string, value: string][] {
  return Object.entries(parameters).flatMap(([name, values]) => [values].flat().map((value): [string, string] => [name, value]));
}

async function push(platform: Platform, clientId: string, server: ServerMetadata, parameters: Parameters): Promise<Readonly<Record<string, string>>> {
  const client = { client_id: clientId };
  try {
    const response = await withDeadline(platform, ANSWER_MS, (signal) => pushedAuthorizationRequest(asServer(server), client, None(), new URLSearchParams(fieldsOf(parameters)), requestOptions(platform, server.issuer, signal)));
    const { request_uri } = await processPushedAuthorizationResponse(asServer(server), client, response);
    return { ...client, request_uri };
  } catch (error) {
    throw signInError(error, 'the sign-in', platform);
  }
}
