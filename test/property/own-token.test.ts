import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otherTokensOf } from '../../src/apis/other-tokens.ts';
import { isOutOfReach, withoutAccessToken, withOwnToken } from '../../src/core/model/own-token.ts';
import { commitChange, refuseChange } from '../../src/core/model/record-change.ts';
import { reduceSession } from '../../src/core/model/session-reducer.ts';
import { snapshotOf } from '../../src/core/model/snapshot.ts';
import { accessGenerationOf, decodeRecord, encodeRecord, type OtherToken, type Session, type SignedInRecord, type StorageRecord } from '../../src/core/model/storage-record.ts';
import { IN_COOKIE } from '../../src/core/model/token-set.ts';
import { at, instantMs, receipt, record, tokens } from './arbitraries.ts';

const other: fc.Arbitrary<OtherToken> = fc.record({ accessToken: tokens.map(({ accessToken }) => accessToken), expiresAt: fc.option(instantMs), receipt });
const others: fc.Arbitrary<Session['others']> = fc.option(fc.dictionary(fc.webUrl(), other), { nil: undefined });

/** A presumed session has no token that a tab could keep. */
const anyRecord: fc.Arbitrary<StorageRecord> = fc
  .tuple(record.filter((drawn) => drawn.session?.generation !== 0), others, fc.boolean())
  .map(([drawn, more, isInCookie]) => (drawn.status === 'signedOut' ? drawn : { ...drawn, session: { ...drawn.session, others: more, tokens: isInCookie ? { ...drawn.session.tokens, refreshToken: IN_COOKIE } : drawn.session.tokens } }));
const signedIn = anyRecord.filter((drawn): drawn is SignedInRecord => drawn.status === 'signedIn');

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const versionIn = (text: string) => (JSON.parse(text) as { version: number }).version;

describe('a record whose access tokens are only in memory', () => {
  it('is written as version 2 without any access token, and read again as it was written', () => {
    fc.assert(fc.property(signedIn, (known) => {
      const stripped = withoutAccessToken(known);
      const text = encodeRecord(stripped);
      expect(versionIn(text)).toBe(2);
      const secrets = [known.session.tokens.accessToken, ...Object.values(known.session.others ?? {}).map(({ accessToken }) => accessToken)];
      const elsewhere = json({ ...known, session: { ...known.session, others: undefined, tokens: { ...known.session.tokens, accessToken: '' } } });
      for (const secret of secrets) expect(text.includes(JSON.stringify(secret)) && !JSON.stringify(elsewhere).includes(JSON.stringify(secret))).toBe(false);
      expect(decodeRecord(text)).toEqual({ kind: 'record', record: json(stripped) });
    }));
  });

  it('has version 1 in any other case, so that every release reads it', () => {
    fc.assert(fc.property(anyRecord, (known) => {
      const text = encodeRecord(known);
      expect(versionIn(text)).toBe(typeof known.session?.tokens.refreshToken === 'object' ? 2 : 1);
      expect(decodeRecord(text)).toEqual({ kind: 'record', record: json(known) });
    }));
  });

  it('gets the token of the tab back, with its receipt and its generation', () => {
    fc.assert(fc.property(signedIn, fc.nat(3), (known, more) => {
      const newer = withoutAccessToken({ ...known, session: { ...known.session, generation: known.session.generation + more } }) as SignedInRecord;
      const { session } = withOwnToken(newer, known);
      const { accessToken, expiresAt, scopes } = known.session.tokens;
      expect(session.tokens).toEqual({ ...newer.session.tokens, accessToken, expiresAt, scopes });
      expect(session).toMatchObject({ generation: newer.session.generation, receipt: known.session.receipt });
      expect(session.others).toBe(known.session.others);
      expect(accessGenerationOf(session)).toBe(accessGenerationOf(known.session));
    }));
  });

  it('gets the tokens for other APIs back if the tab has no token of the session itself', () => {
    fc.assert(fc.property(signedIn, (known) => {
      const stripped = withoutAccessToken(known) as SignedInRecord;
      const own = { ...stripped, session: { ...stripped.session, others: known.session.others } };
      expect(withOwnToken(stripped, own)).toEqual(own);
      const newer = { ...stripped, session: { ...stripped.session, others: { api: { accessToken: 'a', expiresAt: null, receipt: known.session.receipt } } } };
      expect(withOwnToken(newer, own)).toBe(newer); // A change of this tab has brought them.
    }));
  });

  it('gets no token of another session, and a record with a token keeps that one', () => {
    fc.assert(fc.property(anyRecord, anyRecord, (read, known) => {
      if (read.session?.sessionId !== known.session?.sessionId) expect(withOwnToken(read, known)).toBe(read);
      const stripped = withoutAccessToken(read);
      if (read.session?.sessionId !== known.session?.sessionId) expect(withOwnToken(stripped, known)).toBe(stripped);
      expect(withOwnToken(read, known)).toBe(read);
    }));
  });

  it('never costs a tab its token or its life, and signs out a tab that can get none', () => {
    fc.assert(fc.property(signedIn, anyRecord, at, at, (own, read, first, then) => {
      const before = reduceSession({ status: 'loading' }, { type: 'recordRead', record: own, at: first });
      const after = reduceSession(before, { type: 'recordRead', record: withoutAccessToken(read), at: then });
      if (before.status !== 'signedIn' || after.status !== 'signedIn' || after.record.session.sessionId !== own.session.sessionId) return;
      expect(after.record.session.tokens.accessToken).toBe(own.session.tokens.accessToken);
      expect(after.life).toBe(before.life);
    }));
    fc.assert(fc.property(signedIn, at, (read, now) => {
      const stripped = withoutAccessToken(read) as SignedInRecord;
      const state = reduceSession({ status: 'loading' }, { type: 'recordRead', record: stripped, at: now });
      expect(state.status).toBe(isOutOfReach(stripped.session) ? 'signedOut' : 'signedIn');
      expect(reduceSession(state, { type: 'recordRead', record: stripped, at: now })).toBe(state);
      expect(snapshotOf(state, 'memory').tokens).toBeNull();
    }));
  });
});

describe('further access tokens of a session', () => {
  const change = (drawn: SignedInRecord) => [
    commitChange(drawn.session, drawn.session.tokens, drawn.session.receipt)(drawn),
    refuseChange(drawn.session, 'refresh_token_invalid')(drawn),
  ];

  it('are kept by each change of the session, and are never in the snapshot', () => {
    fc.assert(fc.property(signedIn, at, (drawn, now) => {
      for (const next of change(drawn)) expect(next.session?.others).toBe(drawn.session.others);
      const snapshot = snapshotOf(reduceSession({ status: 'loading' }, { type: 'recordRead', record: drawn, at: now }), 'memory');
      const audiences = Object.keys(drawn.session.others ?? {});
      expect(audiences.some((audience) => JSON.stringify(snapshot).includes(audience))).toBe(false);
    }));
  });

  it('are read as they were written, without one that is wrong', () => {
    fc.assert(fc.property(fc.dictionary(fc.webUrl(), other), (right) => {
      expect(otherTokensOf({ others: right })).toEqual(right);
      expect(otherTokensOf({ others: { ...right, wrong: { accessToken: '' } as unknown as OtherToken } })).toEqual(right);
    }));
  });

  it.each([7, 'text', [], { 'https://a.example': null }, { 'https://a.example': { accessToken: 'a b', expiresAt: null, receipt: { receivedAt: 1, lifetimeMs: 1, clockOffset: 0 } } }, { 'https://a.example': { accessToken: 'a', expiresAt: '1', receipt: null } }])('are left out, and do not cost the session, if they are %j', (wrong) => {
    fc.assert(fc.property(signedIn, (drawn) => {
      const text = encodeRecord({ ...drawn, session: { ...drawn.session, others: wrong as unknown as NonNullable<Session['others']> } });
      const decoded = decodeRecord(text);
      if (decoded.kind !== 'record' || decoded.record.status !== 'signedIn') throw new Error('the session is lost');
      const { others: read, ...session } = decoded.record.session;
      expect({ ...decoded.record, session }).toEqual(json({ ...drawn, session: { ...drawn.session, others: undefined } }));
      expect(otherTokensOf({ others: read })).toEqual({});
    }), { numRuns: 20 });
  });
});
