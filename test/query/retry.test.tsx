import { AuthError } from 'unexpired';
import { authRetry, authRetryDelay } from 'unexpired/query';
import { describe, expect, it } from 'vitest';

const NOW = Date.UTC(2026, 0, 1);
const transient = (retryAt: number | null) => new AuthError('refresh_unavailable', 'try later', { transient: true, retryAt });

describe('authRetry', () => {
  it.each(['signed_out', 'session_ended', 'session_changed', 'misconfigured', 'origin_not_allowed'] as const)('does not retry the final error %s', (code) => {
    expect(authRetry(0, new AuthError(code, 'no'))).toBe(false);
  });

  it('retries any other error three times, as TanStack does', () => {
    for (const error of [transient(NOW), new Error('HTTP 500'), 'odd']) expect([0, 1, 2, 3].map((count) => authRetry(count, error))).toEqual([true, true, true, false]);
  });
});

describe('authRetryDelay', () => {
  it('waits until retryAt, and not at all when retryAt is past', () => {
    expect(authRetryDelay(0, transient(NOW + 20_000), () => NOW)).toBe(20_000);
    expect(authRetryDelay(2, transient(NOW - 20_000), () => NOW)).toBe(0);
  });

  it('reads the browser’s clock by default', () => {
    const delay = authRetryDelay(0, transient(Date.now() + 60_000));
    expect(delay).toBeGreaterThan(50_000);
    expect(delay).toBeLessThanOrEqual(60_000);
  });

  it('waits as long as TanStack does for any other error', () => {
    expect([0, 1, 4, 5, 20].map((count) => authRetryDelay(count, new Error('HTTP 500')))).toEqual([1000, 2000, 16_000, 30_000, 30_000]);
    expect(authRetryDelay(1, transient(null))).toBe(2000);
  });
});
