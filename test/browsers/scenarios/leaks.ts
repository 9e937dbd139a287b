import { expect, it } from 'vitest';
import type { Stage } from '../support/stage.ts';
import { leakedPieces } from '../support/token-search.ts';

const PLACES = ['console', 'error', 'channel', 'dom', 'url'] as const;

/** Whether a token in sight would be noticed. */
export function describeLookout(stage: Stage): void {
  it('would notice a piece of a token in a console, an error, a message, a page and an address', async () => {
    const visit = await stage.visit(2);
    for (const place of PLACES) {
      const secret = `${place}-0123456789abcdef`;
      await visit.first.ask('blab', place, secret);
      await expect.poll(() => seenPieces(stage, visit.gather, [secret])).toContain(secret.slice(0, 16));
    }
  });
}

/** Whether anybody could have seen a token; tell it last. */
export function describeLeaks(stage: Stage): void {
  // claim: no-token-seen-in-any-engine
  it('has let nobody see a piece of any token', async () => {
    expect(stage.api.tokens.size).toBeGreaterThan(1);
    expect(await seenPieces(stage, async () => undefined, stage.api.tokens)).toEqual([]);
  });
}

async function seenPieces({ evidence, pages, api }: Stage, gather: () => Promise<void>, tokens: Iterable<string>): Promise<string[]> {
  await gather();
  return leakedPieces(tokens, [...evidence, ...pages.addresses, ...api.addresses]);
}
