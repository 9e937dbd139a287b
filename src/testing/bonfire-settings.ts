import { DEFAULT_COOKIE, mergeCookie, type CookieSettings } from './cookie-settings.ts';
import type { Endpoint } from './endpoint.ts';
import { checkBoolean, checkNumber, checkOneOf } from './option-check.ts';
import type { DateSpelling } from './wire-date.ts';

/** The behaviour of the API. `api.configure` can change each setting at any time. */
export interface BonfireSettings {
  /** The lifetime of a new access token, ms; default 60 000. With `null` it never expires, and there is no refresh token. */
  readonly accessTokenLifetimeMs: number | null;
  /** Whether a refresh issues a new refresh token and makes the old one invalid; default true. */
  readonly rotateRefreshTokens: boolean;
  /** Whether a session ends when its rotated refresh token is sent again; default true. */
  readonly reuseDetection: boolean;
  /** How long after a rotation the previous refresh token still gets the same new one, ms; default 0. */
  readonly reuseGraceMs: number;
  /** How long a request takes to arrive, ms, for all endpoints or by endpoint; default 0. */
  readonly latencyMs: number | ((endpoint: Endpoint) => number);
  /** The format of the offset in `expires_at`: `+00:00` (`colon`, the default) or `+0000` (`compact`). */
  readonly expiresAtSpelling: DateSpelling;
  /** Where clients keep the refresh token: answers contain it (`body`, the default), or set it as an `HttpOnly` cookie (`cookie`). */
  readonly refreshToken: 'body' | 'cookie';
  /** The cookie, if `refreshToken` is `cookie`. */
  readonly cookie: CookieSettings;
}

/** Settings to change. Of the cookie's settings, those that are left out keep their values. */
export interface BonfireSettingsPatch extends Partial<Omit<BonfireSettings, 'cookie'>> {
  /** How the API keeps refresh tokens in a cookie, see {@link CookieSettings}. */
  readonly cookie?: Partial<CookieSettings>;
}

/** The default settings. */
export const DEFAULT_SETTINGS: BonfireSettings = Object.freeze({
  accessTokenLifetimeMs: 60_000,
  rotateRefreshTokens: true,
  reuseDetection: true,
  reuseGraceMs: 0,
  latencyMs: 0,
  expiresAtSpelling: 'colon',
  refreshToken: 'body',
  cookie: DEFAULT_COOKIE,
});

/**
 * Returns settings with some of them changed.
 *
 * @throws TypeError or RangeError that names the setting, its rule and its value
 */
export function mergeSettings(base: BonfireSettings, patch: BonfireSettingsPatch): BonfireSettings {
  const merged: BonfireSettings = {
    accessTokenLifetimeMs: patch.accessTokenLifetimeMs === undefined ? base.accessTokenLifetimeMs : patch.accessTokenLifetimeMs,
    rotateRefreshTokens: patch.rotateRefreshTokens ?? base.rotateRefreshTokens,
    reuseDetection: patch.reuseDetection ?? base.reuseDetection,
    reuseGraceMs: patch.reuseGraceMs ?? base.reuseGraceMs,
    latencyMs: patch.latencyMs ?? base.latencyMs,
    expiresAtSpelling: patch.expiresAtSpelling ?? base.expiresAtSpelling,
    refreshToken: patch.refreshToken ?? base.refreshToken,
    cookie: mergeCookie(base.cookie, patch.cookie),
  };
  checkSettings(merged);
  return Object.freeze(merged);
}

function checkSettings(settings: BonfireSettings): void {
  const { accessTokenLifetimeMs, reuseGraceMs, latencyMs } = settings;
  if (accessTokenLifetimeMs !== null) {
    checkNumber('accessTokenLifetimeMs', accessTokenLifetimeMs, 'must be a number of ms above 0, or null', (ms) => ms > 0 && Number.isFinite(ms));
  }
  checkBoolean('rotateRefreshTokens', settings.rotateRefreshTokens);
  checkBoolean('reuseDetection', settings.reuseDetection);
  checkNumber('reuseGraceMs', reuseGraceMs, 'must be a number of ms, 0 or more', (ms) => ms >= 0);
  if (typeof latencyMs !== 'function') {
    checkNumber('latencyMs', latencyMs, 'must be a number of ms, 0 or more, or a function of the endpoint', (ms) => ms >= 0 && Number.isFinite(ms));
  }
  checkOneOf('expiresAtSpelling', settings.expiresAtSpelling, ['colon', 'compact']);
  checkOneOf('refreshToken', settings.refreshToken, ['body', 'cookie']);
}
