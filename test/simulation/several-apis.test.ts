import fc from 'fast-check';
import { expect, it } from 'vitest';
import { patience } from '../support/pace.ts';
import { anyApiScenario, runApis, type ApiDefect } from './api-worlds.ts';

const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 100);
const SEED = Number(process.env['SIMULATION_SEED'] ?? 1);

it(
  `the simulation of several APIs finds no violation of an invariant in ${RUNS} worlds`,
  async () => {
    const counts: Record<string, number> = {};
    await fc.assert(fc.asyncProperty(anyApiScenario, async (scenario) => {
      for (const [name, count] of Object.entries(await runApis(scenario))) counts[name] = (counts[name] ?? 0) + count;
    }), { numRuns: RUNS, seed: SEED, endOnFailure: !process.env['SIMULATION_SHRINK'] });
    expect(counts['answered']).toBeGreaterThan(RUNS * 5);
    expect(counts['requests']).toBeGreaterThan(RUNS * 5);
  },
  patience(60_000 + RUNS * 1000),
);

/** Changes what a tab stores. */
const storing = (change: (text: string, before: string | null) => string): NonNullable<ApiDefect['platform']> => (platform) => ({
  ...platform,
  storage: { ...platform.storage, update: (key, next) => platform.storage.update(key, (raw) => {
    const text = next(raw);
    return typeof text === 'string' ? change(text, typeof raw === 'string' ? raw : null) : text;
  }) },
});

const refreshTokenIn = (text: string | null) => /"refreshToken":"([^"]+)"/.exec(text ?? '')?.[1];
const othersIn = (text: string | null) => /"others":\{.*?\}\}\}/.exec(text ?? '')?.[0];

const DEFECTS: [string, ApiDefect, RegExp][] = [
  ['a tab that keeps the former refresh token when it gets the access token of an API', { platform: storing((text, before) => {
    const [former, next] = [refreshTokenIn(before), refreshTokenIn(text)];
    return former && next && othersIn(text) !== othersIn(before) ? text.replace(next, former) : text;
  }) }, /Invariant (1|2|3|4) /],
  ['a tab that sends each API the token of the session', { platform: (platform, apis) => ({
    ...platform,
    fetch: (input, init) => {
      const [main] = [...apis.tokens].filter(([, { origin }]) => origin.includes('api.')).map(([token]) => token);
      const request = new Request(input, init);
      if (request.headers.has('authorization')) request.headers.set('authorization', `Bearer ${main}`);
      return platform.fetch(request);
    },
  }) }, /Invariant (4|5|7) /],
  ['a tab that signs out when an API is refused', { client: ({ auth }) => {
    auth.intercept(async (request, next) => next(request).catch(async (error: { readonly code?: string }) => {
      if (error.code === 'grant_refused') await auth.signIn({ accessToken: 'none', refreshToken: 'none', expiresAt: null, scopes: [] });
      throw error;
    }));
  } }, /Invariant (2|3|4|5) /],
  ['a tab that refreshes without a lock and without notes', { platform: (platform, apis) => ({ ...platform, locks: null, storage: { ...storing((text) => text.replace(/"asking":"[^"]*"/, '"asking":null'))(platform, apis).storage } }) }, /Invariant (1|2|3|4) /],
];

it.each(DEFECTS)('the simulation of several APIs detects %s', async (_, defect, invariant) => {
  const property = fc.asyncProperty(anyApiScenario, async (scenario) => void (await runApis(scenario, defect)));
  const { errorInstance } = await fc.check(property, { numRuns: 200, seed: SEED, endOnFailure: true });
  expect(String(errorInstance)).toMatch(invariant);
});
