import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ends, laterRecord } from '../../src/core/model/record-order.ts';
import { decodeRecord, encodeRecord, isPresumed, type SignedInRecord, type StorageRecord } from '../../src/core/model/storage-record.ts';
import { IN_COOKIE, kept, type TokenSet } from '../../src/core/model/token-set.ts';
import { record as anyRecord } from './arbitraries.ts';

const TOKENS: TokenSet = { accessToken: 'a', refreshToken: 'r', expiresAt: null, scopes: [] };
const PLACE = { storageId: 'x', epoch: 1, revision: 3 };

function signedIn(tokens: TokenSet, members: object = {}): SignedInRecord {
  const session = { sessionId: 's', generation: 1, tokens, receipt: { receivedAt: 1, lifetimeMs: null, clockOffset: 0 }, ...members };
  return { status: 'signedIn', ...PLACE, session, failure: null, pendingAttemptId: null, maybeRotated: false };
}

const inCookie = signedIn({ ...TOKENS, refreshToken: IN_COOKIE }, { subject: 'user-7' });
const presumed = signedIn({ ...TOKENS, accessToken: '', refreshToken: IN_COOKIE }, { generation: 0 });
const clearing: StorageRecord = { status: 'signedOut', ...PLACE, endedSessionId: 's', endReason: 'sign_out', clearing: true };

describe('a stored record', () => {
  it.each([
    ['with the refresh token in a cookie', inCookie, 2],
    ['without an access token', presumed, 2],
    ['with the refresh token in script', signedIn(TOKENS), 1],
    ['with a subject and the refresh token in script', signedIn(TOKENS, { subject: 'user-7' }), 1],
    ['of a sign-out that the API has not confirmed', clearing, 1],
  ])('%s is read as it was written, and has the version that older releases need', (_, record, version) => {
    const text = encodeRecord(record);
    expect(JSON.parse(text)).toMatchObject({ version });
    expect(decodeRecord(text)).toEqual({ kind: 'record', record });
  });

  it.each(['{"in":"page"}', '{}', '7', '""', '[]'])('with the refresh token %s is damaged', (value) => {
    expect(decodeRecord(encodeRecord(inCookie).replace('{"in":"cookie"}', value)).kind).toBe('damaged');
  });

  it('with a subject that is no text is damaged', () => {
    expect(decodeRecord(encodeRecord(inCookie).replace('"user-7"', '7')).kind).toBe('damaged');
  });
});

describe('the kept members of a token answer', () => {
  it('without a refresh token leave it in the cookie, if the protocol has one', () => {
    const { refreshToken: _, ...answer } = TOKENS;
    expect(kept(answer).refreshToken).toBeUndefined();
    expect(kept(answer, TOKENS, true).refreshToken).toEqual({ in: 'cookie' });
    expect(kept(TOKENS, undefined, true).refreshToken).toBe('r');
  });

  it('do not have the end of the former refresh token, because the cookie may have another one', () => {
    const last = { ...TOKENS, refreshToken: IN_COOKIE, refreshExpiresAt: 5 };
    expect(kept({ ...TOKENS, refreshToken: IN_COOKIE }, last, true).refreshExpiresAt).toBeUndefined();
    expect(kept({ ...TOKENS, refreshToken: IN_COOKIE, refreshExpiresAt: 9 }, last, true).refreshExpiresAt).toBe(9);
  });
});

it('the end of a session that was only restored, while storage could not be read, never outranks another stored session', () => {
  fc.assert(fc.property(anyRecord, anyRecord, fc.integer({ min: 1, max: 9 }), fc.integer({ min: -9, max: 9 }), (known, stored, restores, now) => {
    fc.pre(stored.status === 'signedIn' && !isPresumed(stored.session) && known.status === 'signedOut' && !known.clearing);
    const here = { ...known, storageId: '', epoch: restores, endReason: 'refresh_token_invalid' as const };
    fc.pre(!ends(here, stored));
    expect(laterRecord(here, stored, now)).toBe(stored);
  }));
});
