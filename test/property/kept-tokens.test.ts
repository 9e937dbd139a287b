import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commitChange } from '../../src/core/model/record-change.ts';
import { accessGenerationOf } from '../../src/core/model/storage-record.ts';
import { failure, record, session, tokens } from './arbitraries.ts';

it('an answer of which only the refresh token could be kept replaces that token and keeps the access token, its generation and the failure', () => {
  fc.assert(fc.property(record, session, tokens, failure, (current, held, { refreshToken }, failed) => {
    if (current.status !== 'signedIn') return;
    const { session: before } = current;
    const next = commitChange(held, { ...before.tokens, refreshToken }, before.receipt, failed)(current);
    if (next === current || next.status !== 'signedIn') return;
    expect(next.session).toMatchObject({ generation: before.generation + 1, tokens: { ...before.tokens, refreshToken } });
    expect(accessGenerationOf(next.session)).toBe(accessGenerationOf(before));
    expect(next).toMatchObject({ failure: failed, maybeRotated: false });
  }));
});
