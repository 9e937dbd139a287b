import type { Endpoint } from './endpoint.ts';
import { checkBoolean, checkNumber, checkOneOf } from './option-check.ts';
import type { DateSpelling } from './wire-date.ts';

/** How the API behaves; `api.configure` changes any of it at any time. */
export interface BonfireSettings {
  /** How long a new access token lives, ms (60 000), or `null` for ever: then there is no refresh token either. */
  readonly accessTokenLifetimeMs: number | null;
  /** Whether a refresh brings a new refresh token and uses up the old one (true). */
  readonly rotateRefreshTokens: boolean;
  /** Whether a used-up refresh token that comes again ends its whole session (true). */
  readonly reuseDetection: boolean;
  /** How long after a rotation the previous refresh token still brings the same successor, ms (0). */
  readonly reuseGraceMs: number;
  /** How long a request is under way before it is processed, ms (0), the same for all or by endpoint. */
  readonly latencyMs: number | ((endpoint: Endpoint) => number);
  /** How `expires_at` spells UTC: `+00:00` (`colon`) or `+0000` (`compact`). */
  readonly expiresAtSpelling: DateSpelling;
}

/** The settings of an API that was told nothing. */
export const DEFAULT_SETTINGS: BonfireSettings = Object.freeze({
  accessTokenLifetimeMs: 60_000,
  rotateRefreshTokens: true,
  reuseDetection: true,
  reuseGraceMs: 0,
  latencyMs: 0,
  expiresAtSpelling: 'colon',
});

/**
 * Changes some settings.
 *
 * @returns new settings
 * @throws TypeError or RangeError that names the setting and what would be right
 */
export function mergeSettings(base: BonfireSettings, patch: Partial<BonfireSettings>): BonfireSettings {
  const merged: BonfireSettings = {
    accessTokenLifetimeMs: patch.accessTokenLifetimeMs === undefined ? base.accessTokenLifetimeMs : patch.accessTokenLifetimeMs,
    rotateRefreshTokens: patch.rotateRefreshTokens ?? base.rotateRefreshTokens,
    reuseDetection: patch.reuseDetection ?? base.reuseDetection,
    reuseGraceMs: patch.reuseGraceMs ?? base.reuseGraceMs,
    latencyMs: patch.latencyMs ?? base.latencyMs,
    expiresAtSpelling: patch.expiresAtSpelling ?? base.expiresAtSpelling,
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
}
