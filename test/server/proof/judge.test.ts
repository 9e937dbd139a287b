import { describe, expect, it } from 'vitest';
import { judge, type History } from './support/judge.ts';
import type { AuthEntry, Exchange, Fault, JournalEntry } from './support/types.ts';

const call = (changes: Partial<Exchange> = {}): Exchange => ({
  kind: 'call', user: 'ann', instance: 'i1', from: 100, to: 110, status: 200, answeredUser: 'ann', error: null, endReason: null, setCookie: null, ...changes,
});
const signOut = (changes: Partial<Exchange> = {}) => call({ kind: 'sign-out', answeredUser: null, from: 120, to: 130, ...changes });
const entry = (kind: AuthEntry['kind'], at: number, changes: Partial<AuthEntry> = {}): AuthEntry => ({ at, kind, family: 'f1', user: 'ann', generation: 1, instance: 'i1', isNeedless: false, ...changes });
const step = (name: JournalEntry['step'], at: number, pid = 1): JournalEntry => ({ at, instance: 'i1', pid, step: name, key: 'k1', family: 'f1', generation: 1 });
const fault = (kind: Fault['kind'], from: number, to: number, instance = 'i1'): Fault => ({ kind, instance, from, to });

function violationsOf(history: Partial<History>): readonly string[] {
  return judge({ sessions: [{ user: 'ann', cookie: 'c', key: 'k1' }], exchanges: [call()], log: [], journal: [], faults: [], missing: new Set(), ...history }).violations;
}

const refusal = call({ status: 401, answeredUser: null, from: 300, to: 310 });
const twice = [entry('refresh', 200), entry('reuse', 250, { instance: 'i2' })];
const sentAndLost = [step('sent', 195), step('answered', 210)];

describe('the judge accepts', () => {
  it.each<[string, Partial<History>]>([
    ['a good answer', {}],
    ['a refusal after a sign-out', { exchanges: [signOut(), call({ ...refusal })], missing: new Set(['ann']) }],
    ['a refusal after the log ended the session', { exchanges: [refusal], log: [entry('revoke', 290)] }],
    ['a reuse after the answer was lost with a killed instance', { log: twice, journal: sentAndLost, faults: [fault('killed', 215, 400)] }],
    ['a reuse after the answer was lost with a paused instance', { log: twice, journal: sentAndLost, faults: [fault('paused', 215, 8215)] }],
    ['a reuse by an instance that was paused while another one refreshed', { log: twice, journal: [...sentAndLost, step('stored', 220)], faults: [fault('paused', 190, 240, 'i2')] }],
    ['a reuse after a failover lost the write', { log: twice, journal: [...sentAndLost, step('stored', 220)], faults: [fault('write-lost', 215, 240, '')] }],
    ['a reuse after a killed instance was started again, which wrote to the row', { log: twice, journal: [...sentAndLost, step('stored', 240, 2)], faults: [fault('killed', 215, 230)] }],
    ['a reuse after a failover lost the note, while the instance had the answer', { log: twice, journal: [step('before-note', 190), ...sentAndLost], faults: [fault('write-lost', 180, 192, '')] }],
    ['a reuse after the network lost the answer', { log: [...twice, entry('lost', 205, { generation: 2 })] }],
    ['a session that the store evicted', { exchanges: [refusal], faults: [fault('evicted', 290, 295, '')], missing: new Set(['ann']) }],
    ['503, and no answer', { exchanges: [call({ status: 503, answeredUser: null }), call({ status: 0, answeredUser: null })] }],
  ])('%s', (_, history) => {
    expect(violationsOf(history)).toEqual([]);
  });
});

describe('the judge reports', () => {
  it.each<[string, Partial<History>, string]>([
    ['the data of another user', { exchanges: [call({ answeredUser: 'bob' })] }, 'with the data of bob'],
    ['a session that is answered after its sign-out', { exchanges: [signOut(), call({ from: 140, to: 150 })], missing: new Set(['ann']) }, 'after the sign-out'],
    ['a session that the store has after its sign-out', { exchanges: [signOut()] }, 'still has the session'],
    ['a session that nothing has ended', { exchanges: [refusal] }, 'was lost'],
    ['a session that the log ended only later', { exchanges: [refusal], log: [entry('revoke', 400)] }, 'was lost'],
    ['a refresh of a good token', { log: [entry('refresh', 200, { isNeedless: true })] }, 'refreshed the good token'],
    ['a reuse without a fault', { log: twice, journal: [...sentAndLost, step('stored', 220)] }, 'sent the spent refresh token'],
    ['a reuse although the killed instance had stored its answer', { log: twice, journal: [...sentAndLost, step('stored', 212)], faults: [fault('killed', 215, 400)] }, 'sent the spent refresh token'],
    ['a reuse after a failover that was over before', { log: twice, journal: [step('before-note', 190), ...sentAndLost, step('stored', 220)], faults: [fault('write-lost', 100, 180, '')] }, 'sent the spent refresh token'],
    ['a reuse after another instance was killed', { log: twice, journal: sentAndLost, faults: [fault('killed', 215, 400, 'i3')] }, 'sent the spent refresh token'],
    ['an answer that changes the cookie', { exchanges: [call({ setCookie: '__Host-session=1' })] }, 'changed the cookie'],
    ['an unexpected error', { exchanges: [call({ status: 500, answeredUser: null, error: 'disposed' })] }, 'with 500 (disposed)'],
  ])('%s', (_, history, expected) => {
    expect(violationsOf(history)).toEqual([expect.stringContaining(expected)]);
  });
});
