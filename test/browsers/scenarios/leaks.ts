import { expect, it } from 'vitest';
import type { Stage } from '../support/stage.ts';
import { leakedPieces } from '../support/token-search.ts';

const PLACES = ['console', 'error', 'channel', 'dom', 'url'] as const;

/** Whether anybody could have seen a token; tell it last. */
export function describeLeaks(stage: Stage): void {
  it.each(PLACES)('would notice a piece of a token in sight (%s)', async (place) => {
    const visit = await stage.visit(2);
    const secret = `${place}-0123456789abcdef`;
    await visit.first.ask('blab', place, secret);
    const found = async () => leakedPieces([secret], [...(await visit.evidence()), ...stage.pages.addresses]);
    await expect.poll(found).toContain(secret.slice(0, 16));
  });

  it('has let nobody see a piece of any token: not in a console, an error, an address, a message or a page', () => {
    const addresses = [...stage.pages.addresses, ...stage.api.addresses];
    expect(stage.api.tokens.size).toBeGreaterThan(1);
    expect(stage.evidence.join('').length).toBeGreaterThan(1000);
    expect(leakedPieces(stage.api.tokens, [...stage.evidence, ...addresses])).toEqual([]);
  });
}
