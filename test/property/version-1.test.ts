import { expect, it } from 'vitest';
import { decodeRecord, encodeRecord } from '../../src/core/model/storage-record.ts';
import { createSetup } from '../support/setup.ts';

// These texts are literal, because the records of users are stored like this. A change here loses their sessions.
const SESSION = '{"sessionId":"s-1","generation":3,"tokens":{"accessToken":"a-3","refreshToken":"r-3","expiresAt":1767229200000,"scopes":["posts"]},"receipt":{"receivedAt":1767225600000,"lifetimeMs":3599000,"clockOffset":-120}}';
const SIGNED_IN = `{"version":1,"status":"signedIn","lineage":"l-1","epoch":1,"revision":7,"session":${SESSION},"failure":null,"asking":null,"inDoubt":false}`;
const FAILED = `{"version":1,"status":"signedIn","lineage":"l-1","epoch":1,"revision":9,"session":${SESSION},"failure":{"kind":"transient","attempt":2,"failedAt":1767225700000,"delayMs":4000,"mustWait":false,"detail":"The token endpoint answered HTTP 503."},"asking":"t-2","inDoubt":true}`;
const SIGNED_OUT = '{"version":1,"lineage":"l-1","epoch":2,"revision":10,"status":"signedOut","endedSessionId":"s-1","endReason":"sign_out"}';

const place = { storageId: 'l-1', epoch: 1 };

it.each([
  ['a session', SIGNED_IN, { status: 'signedIn', ...place, revision: 7, failure: null, pendingAttemptId: null, maybeRotated: false }],
  ['a failed refresh', FAILED, {
    status: 'signedIn', ...place, revision: 9, pendingAttemptId: 't-2', maybeRotated: true,
    failure: { kind: 'transient', failureCount: 2, failedAt: 1767225700000, delayMs: 4000, mustWait: false, detail: 'The token endpoint answered HTTP 503.' },
  }],
  ['a sign-out', SIGNED_OUT, { status: 'signedOut', storageId: 'l-1', epoch: 2, revision: 10, endedSessionId: 's-1', endReason: 'sign_out' }],
])('the version 1 text of %s is read, and written again with the same members', (_, text, expected) => {
  const decoded = decodeRecord(text);
  if (decoded.kind !== 'record') throw new Error(`It was read as ${decoded.kind}.`);
  const session: unknown = decoded.record.status === 'signedIn' ? JSON.parse(SESSION) : undefined;
  expect(decoded.record).toEqual(session ? { ...expected, session } : expected);
  expect(JSON.parse(encodeRecord(decoded.record))).toEqual(JSON.parse(text));
});

it('a failure with a wrong address adds one member to the version 1 text, which earlier releases ignore', () => {
  const text = FAILED.replace('"detail"', '"wrongEndpoint":true,"detail"');
  const decoded = decodeRecord(text);
  if (decoded.kind !== 'record') throw new Error(`It was read as ${decoded.kind}.`);
  expect(decoded.record).toMatchObject({ failure: { failureCount: 2, wrongEndpoint: true } });
  expect(JSON.parse(encodeRecord(decoded.record))).toEqual(JSON.parse(text));
});

it('an unreadable answer, unknown refusals and a kept refresh token add members to the version 1 text, which earlier releases ignore', () => {
  const text = FAILED.replace('"detail"', '"isUnreadable":true,"refusals":3,"detail"').replace('"receipt"', '"accessGeneration":2,"receipt"');
  const decoded = decodeRecord(text);
  if (decoded.kind !== 'record') throw new Error(`It was read as ${decoded.kind}.`);
  expect(decoded.record).toMatchObject({ failure: { isUnreadable: true, refusals: 3 }, session: { accessGeneration: 2 } });
  expect(JSON.parse(encodeRecord(decoded.record))).toEqual(JSON.parse(text));
});

it.each(['false', 'null', '"yes"'])('a stored failure whose wrongEndpoint is %s does not make the record unreadable', (value) => {
  expect(decodeRecord(FAILED.replace('"detail"', `"wrongEndpoint":${value},"detail"`)).kind).toBe('record');
});

it('a sign-out that a newer version stored is read, and any other record of it shows only its place', () => {
  const newer = (text: string) => decodeRecord(text.replace('"version":1', '"version":3'));
  expect(newer(SIGNED_OUT)).toMatchObject({ kind: 'record', record: { endReason: 'sign_out', endedSessionId: 's-1' } });
  expect(newer(SIGNED_IN)).toMatchObject({ kind: 'foreign', endReason: 'newer_version', place: { ...place, revision: 7 } });
  expect(newer(SIGNED_OUT.replace('"epoch":2', '"epoch":"2"'))).toMatchObject({ kind: 'foreign', place: null });
});

it('a tab goes on with a session that is stored as version 1 text, and stores its changes as such', async () => {
  const setup = createSetup();
  const { auth, tab } = setup.open();
  await setup.world.until(tab.platform.storage.update(auth.storageKey, () => SIGNED_IN));
  expect(await setup.world.until(auth.ready())).toMatchObject({ status: 'signedIn', sessionId: 's-1', tokens: { accessToken: 'a-3', refreshToken: 'r-3' } });
  const epoch = setup.world.now();
  await setup.world.until(auth.signOut());
  expect(JSON.parse(String(await setup.world.until(tab.platform.storage.read(auth.storageKey))))).toEqual({ ...JSON.parse(SIGNED_OUT), epoch, revision: 8 });
});

it('a measured clock adds one member to the version 1 text, which earlier releases ignore', () => {
  const text = SIGNED_IN.replace('"clockOffset":-120', '"clockOffset":-120,"isClockMeasured":true');
  const decoded = decodeRecord(text);
  if (decoded.kind !== 'record') throw new Error(`It was read as ${decoded.kind}.`);
  expect(decoded.record).toMatchObject({ session: { receipt: { isClockMeasured: true } } });
  expect(JSON.parse(encodeRecord(decoded.record))).toEqual(JSON.parse(text));
});
