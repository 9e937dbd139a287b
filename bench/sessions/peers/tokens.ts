import { randomBytes } from 'node:crypto';
import type { Settings } from '../instances/settings.ts';

/** The tokens of a session, as code by hand keeps them. */
export interface HandTokens {
  accessToken: string;
  refreshToken: string;
  expiresAt: number;
}

/** The token endpoint refused the refresh token. */
export class RefusedError extends Error {}

export function signInTokens(settings: Settings): Promise<HandTokens> {
  return ask(settings, { grant_type: 'password', username: 'user', password: 'password' });
}

export function refreshTokens(settings: Settings, refreshToken: string): Promise<HandTokens> {
  return ask(settings, { grant_type: 'refresh_token', refresh_token: refreshToken });
}

/** Whether less than a minute of the access token is left. */
export function isExpiring({ expiresAt }: HandTokens): boolean {
  return Date.now() > expiresAt - 60_000;
}

export function revoke({ authority }: Settings, token: string): Promise<unknown> {
  return fetch(`${authority}/revoke`, { method: 'POST', body: new URLSearchParams({ token }) });
}

async function ask({ authority }: Settings, fields: Readonly<Record<string, string>>): Promise<HandTokens> {
  const response = await fetch(`${authority}/token`, { method: 'POST', body: new URLSearchParams({ ...fields, client_id: 'bench' }) });
  if (response.status === 400) throw new RefusedError('The refresh was refused.');
  if (!response.ok) throw new Error(`The token endpoint answered ${response.status}.`);
  const { access_token, refresh_token, expires_in } = (await response.json()) as { access_token: string; refresh_token: string; expires_in: number };
  return { accessToken: access_token, refreshToken: refresh_token, expiresAt: Date.now() + expires_in * 1000 };
}

/** Tokens of the usual size that no server has issued, to fill a store. */
export function sampleTokens(): HandTokens {
  return { accessToken: randomBytes(600).toString('base64url'), refreshToken: randomBytes(32).toString('base64url'), expiresAt: Date.now() + 3_600_000 };
}
