import { expect, it } from 'vitest';
import type { Setup } from '../support/engine-setup.ts';
import { leakedPieces } from '../support/token-search.ts';

const PLACES = ['console', 'error', 'channel', 'dom', 'url'] as const;

/** Whether the search would find an exposed token. */
export function describeTokenSearch(setup: Setup): void {
  it('the search finds a piece of a token in a console, an error, a message, a page and an address', async () => {
    const profile = await setup.openTabs(2);
    for (const place of PLACES) {
      const secret = `${place}-0123456789abcdef`;
      await profile.first.ask('leak', place, secret);
      await expect.poll(() => exposedPieces(setup, profile.collect, [secret])).toContain(secret.slice(0, 16));
    }
  });
}

/** Whether any scenario has exposed a token. Describe it last. */
export function describeLeaks(setup: Setup): void {
  // claim: no-token-seen-in-any-engine
  it('no scenario exposes a piece of a token', async () => {
    expect(setup.api.tokens.size).toBeGreaterThan(1);
    expect(await exposedPieces(setup, async () => undefined, setup.api.tokens)).toEqual([]);
  });
}

async function exposedPieces({ exposed, pages, api }: Setup, collect: () => Promise<void>, tokens: Iterable<string>): Promise<string[]> {
  await collect();
  return leakedPieces(tokens, [...exposed, ...pages.addresses, ...api.addresses]);
}
