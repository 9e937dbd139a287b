import { cleanup } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { furtherCases } from './further-cases.tsx';
import { queryCases } from './query-cases.tsx';
import { authed, logOf, tanstacks } from './tanstack-page.tsx';

afterEach(cleanup);
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe.each([['without StrictMode', false], ['in StrictMode', true]])('the hooks of unexpired/query %s, as those of TanStack,', (_mode, strict) => {
  it.each(Object.entries({ ...queryCases, ...furtherCases }))('%s', async (_name, run) => {
    const expected = await logOf(tanstacks, run, strict);
    expect(expected.length).toBeGreaterThan(2);
    expect(await logOf(authed, run, strict)).toEqual(expected);
  });
});
