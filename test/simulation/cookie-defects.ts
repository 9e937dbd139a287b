import type { StorageRecord } from '../../src/core/model/storage-record.ts';
import { replace, replaceOnPlatform, type Defect } from './replacement.ts';

function withoutClearing<T extends StorageRecord>(record: T): T {
  return record.status === 'signedOut' ? { ...record, clearing: undefined } : record;
}

/** The deliberate defects of a refresh token that is in a cookie. */
export const COOKIE_DEFECTS: readonly Defect[] = [
  {
    name: 'jar-lock-per-session',
    refreshToken: 'cookie',
    replacements: [
      replace('core/refresh/refresh-lock.ts', 'createRefreshLock', (create) => (context, holdJar) => create({ ...context, protocol: { ...context.protocol, refreshCookie: undefined } }, holdJar)),
    ],
  },
  {
    name: 'sign-out-without-lock',
    refreshToken: 'cookie',
    replacements: [replace('core/session/cookie-removal.ts', 'createRemoveCookie', (create) => (context, store) => create(context, store, (task) => task()))],
  },
  {
    name: 'sign-in-without-lock',
    refreshToken: 'cookie',
    replacements: [replace('core/session/sign-in.ts', 'createSignIn', (create) => (context, store, _holdJar, removeCookie) => create(context, store, (task) => task(), removeCookie))],
  },
  {
    name: 'take-over-at-once',
    refreshToken: 'cookie',
    replacements: [replace('core/session/cookie-jar.ts', 'createHoldJar', (create) => (context, store) => create(context, { ...store, getState: () => ({ status: 'loading' }) }))],
  },
  {
    name: 'restore-despite-sign-out',
    refreshToken: 'cookie',
    replacements: [
      replace('core/model/record-change.ts', 'mayPresume', (mayPresume) => (record, hint) => mayPresume(withoutClearing(record), hint)),
      replace('core/model/record-change.ts', 'presumeChange', (presume) => (...args) => (current) => presume(...args)(withoutClearing(current))),
    ],
  },
  {
    name: 'sign-out-not-noted',
    refreshToken: 'cookie',
    replacements: [replace('core/model/record-change.ts', 'signOutChange', (signOut) => (endedSessionId, at) => signOut(endedSessionId, at))],
  },
  {
    // A page asks again, although an answer has said before that there is no session.
    name: 'visitor-not-remembered',
    refreshToken: 'cookie',
    replacements: [
      replace('core/model/record-change.ts', 'mayPresume', (mayPresume) => (record, hint) => mayPresume(record, hint ?? true)),
      replace('core/model/record-change.ts', 'presumeChange', (presume) => (sessionId, hint) => presume(sessionId, hint ?? true)),
    ],
  },
  {
    name: 'hint-ignored',
    refreshToken: 'cookie',
    replacements: [replaceOnPlatform(() => ({ readCookie: () => '1' }))],
  },
  {
    name: 'subject-ignored',
    refreshToken: 'cookie',
    replacements: [replace('core/session/subject.ts', 'subjectFrom', () => () => undefined)],
  },
];
