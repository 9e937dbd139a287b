import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { putBack, REFUSED, viewOf } from '../../src/apis/api-view.ts';
import { commitChange, endChange, failChange, noteAttemptChange, refuseChange, replaceChange } from '../../src/core/model/record-change.ts';
import { accessGenerationOf, decodeRecord, encodeRecord, type OtherToken, type SignedInRecord } from '../../src/core/model/storage-record.ts';
import { receipt, record, tokens } from './arbitraries.ts';

const NAMES = ['resource=a', 'audience=b'] as const;
const other: fc.Arbitrary<OtherToken> = fc.record({ accessToken: tokens.map(({ accessToken }) => accessToken).filter((token) => token !== '' && token !== REFUSED), expiresAt: fc.constant(null), receipt: receipt.map((drawn) => ({ ...drawn, lifetimeMs: null })), generation: fc.nat(9) });
const signedIn: fc.Arbitrary<SignedInRecord> = fc
  .tuple(record, fc.dictionary(fc.constantFrom(...NAMES), other))
  .filter(([drawn]) => drawn.status === 'signedIn')
  .map(([drawn, others]) => ({ ...(drawn as SignedInRecord), session: { ...(drawn as SignedInRecord).session, others } }));
const name = fc.constantFrom(...NAMES);
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** What a record has of its own and of one other API, which a change for the first one must not touch. */
const untouched = ({ session }: SignedInRecord, changed: string) => plain({
  ...{ accessToken: session.tokens.accessToken, expiresAt: session.tokens.expiresAt, scopes: session.tokens.scopes, extra: session.tokens.extra },
  ...{ receipt: session.receipt, subject: session.subject, sessionId: session.sessionId, accessGeneration: accessGenerationOf(session) },
  others: Object.entries(session.others ?? {}).filter(([own]) => own !== changed),
});

describe('the view of one API', () => {
  it('that is put back unchanged changes nothing', () => {
    fc.assert(fc.property(signedIn, name, (drawn, own) => {
      expect(plain(putBack(drawn, viewOf(drawn, own), own, 0))).toEqual(plain(drawn));
    }));
  });

  it('has the token of that API in the place of the session\'s own, and everything else of the record', () => {
    fc.assert(fc.property(signedIn, name, (drawn, own) => {
      const { session, ...rest } = viewOf(drawn, own);
      const token = drawn.session.others?.[own];
      expect(rest).toEqual({ ...drawn, session: undefined, ...rest });
      expect([session.tokens.accessToken, session.tokens.refreshToken, accessGenerationOf(session)]).toEqual([token?.accessToken ?? '', drawn.session.tokens.refreshToken, token?.generation ?? 0]);
    }));
  });

  it('that a refresh has changed brings its token and the new refresh token, and touches no other token', () => {
    fc.assert(fc.property(signedIn, name, other, fc.option(other.map((token) => token.accessToken), { nil: undefined }), (drawn, own, { accessToken, receipt: at }, refreshToken) => {
      const view = viewOf(drawn, own);
      const next = putBack(drawn, commitChange(drawn.session, { ...view.session.tokens, accessToken, refreshToken, expiresAt: 1e12 }, at)(view), own, 0) as SignedInRecord;
      expect(untouched(next, own)).toEqual(untouched(drawn, own));
      expect([next.session.tokens.refreshToken, next.session.generation, next.revision]).toEqual([refreshToken, drawn.session.generation + 1, drawn.revision + 1]);
      expect(viewOf(next, own).session).toMatchObject({ tokens: { accessToken, expiresAt: 1e12 }, accessGeneration: drawn.session.generation + 1, receipt: at });
      expect(decodeRecord(encodeRecord(next))).toEqual({ kind: 'record', record: plain(next) });
    }));
  });

  it('whose API is refused keeps all tokens, and notes that the refresh token may be rotated', () => {
    fc.assert(fc.property(signedIn, name, receipt, (drawn, own, at) => {
      const view = viewOf(drawn, own);
      const next = putBack(drawn, commitChange(drawn.session, { ...view.session.tokens, accessToken: REFUSED }, at)(view), own, 0) as SignedInRecord;
      expect(untouched(next, '')).toEqual(untouched(drawn, ''));
      expect([next.maybeRotated, next.failure, JSON.stringify(next).includes(`"${REFUSED}"`)]).toEqual([true, null, JSON.stringify(drawn).includes(`"${REFUSED}"`)]);
    }));
  });

  it('is noted, fails, is refused and ends as the session does', () => {
    fc.assert(fc.property(signedIn, name, (drawn, own) => {
      const failure = { kind: 'transient', failureCount: 1, failedAt: 1, delayMs: 1, mustWait: false, detail: 'x' } as const;
      for (const change of [noteAttemptChange(drawn, 'attempt'), failChange(drawn.session, failure, true), refuseChange(drawn.session, 'refresh_token_invalid'), endChange(drawn.session, 'expired')]) {
        expect(plain(putBack(drawn, change(viewOf(drawn, own)), own, 0))).toEqual(plain(change(drawn)));
      }
    }));
  });

  it('of another user starts a session without a token of the former one', () => {
    fc.assert(fc.property(signedIn, name, other, (drawn, own, { accessToken, receipt: at }) => {
      const view = viewOf(drawn, own);
      const replaced = replaceChange(drawn.session, { sessionId: 'next', generation: 1, tokens: { ...view.session.tokens, accessToken }, receipt: at }, 5)(view);
      const { session } = putBack(drawn, replaced, own, 0) as SignedInRecord;
      expect([session.sessionId, session.tokens.accessToken, Object.keys(session.others ?? {})]).toEqual(['next', '', [own]]);
      expect(session.others?.[own]?.accessToken).toBe(accessToken);
    }));
  });
});
