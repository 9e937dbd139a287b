import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOADING_SNAPSHOT, type AuthSnapshot } from '../../../src/core/model/snapshot.ts';
import { corrupted } from '../../../src/devtools/model/corrupted-token.ts';
import { addToLog, keyOf, readEntries } from '../../../src/devtools/model/event-log.ts';
import { reportOf } from '../../../src/devtools/model/report.ts';
import { changesBetween } from '../../../src/devtools/model/session-changes.ts';
import { extentOf, placeOf, ticksOf, windowAt } from '../../../src/devtools/model/view-window.ts';
import { durationOf, wordsOf } from '../../../src/devtools/model/words.ts';
import { linesOf } from './log-lines.ts';

describe('the event log', () => {
  const anyLines = fc.array(fc.record({ tab: fc.constantFrom('a', 'b'), line: fc.integer({ min: 1, max: 30 }), at: fc.integer({ min: 0, max: 100 }) }))
    .map((lines) => lines.map((line) => ({ ...line, type: 'signInStarted' as const })));

  it('is sorted by time, contains each line once and stays within its limit', () => {
    fc.assert(fc.property(anyLines, anyLines, (first, second) => {
      const log = addToLog(addToLog([], first, 20), second, 20);
      expect(log.length).toBeLessThanOrEqual(20);
      expect(log.map(({ at }) => at)).toEqual(log.map(({ at }) => at).toSorted((a, b) => a - b));
    }));
    const [line] = linesOf('a', [{ at: 1, type: 'signInStarted' }]);
    if (!line) throw new Error('There is no line.');
    const log = addToLog([], [line]);
    expect(addToLog(log, [line])).toBe(log);
    expect(log.map(keyOf)).toEqual(['a:1']);
  });

  it('ignores malformed lines from another tab', () => {
    const good = linesOf('b', [{ at: 1, type: 'signInStarted' }]);
    expect(readEntries([...good, null, 7, {}, { tab: 'b', line: 1.5, at: 1, type: 'x' }, { tab: 'b', line: 1, at: NaN, type: 'x' }])).toEqual(good);
    expect(readEntries('no list')).toEqual([]);
  });

  it('shows the type of an event of a later version', () => {
    expect(wordsOf({ type: 'teleported', at: 1, tab: 'b', line: 1 } as never).title).toBe('teleported');
  });
});

describe('the devtools', () => {
  const signedIn: AuthSnapshot = {
    ...LOADING_SNAPSHOT,
    ...{ status: 'signedIn', sessionId: 's', storage: 'indexedDB', receipt: { receivedAt: 1000, lifetimeMs: 40_000, clockOffset: 0 } },
    tokens: { accessToken: 'secret-access', refreshToken: 'secret-refresh', expiresAt: 41_000, scopes: [] },
  };
  const types = (previous: AuthSnapshot, next: AuthSnapshot) => changesBetween(previous, next, 'thisTab', 120_000).map(({ type }) => type);

  it('report a session that starts, refreshes, waits, changes its storage and ends with a reason', () => {
    const renewed = { ...signedIn, receipt: { receivedAt: 31_000, lifetimeMs: 40_000, clockOffset: 0 } };
    const running = { ...signedIn, refresh: { state: 'running', retryAt: null, error: null } } as const;
    const waiting = { ...signedIn, refresh: { state: 'waiting', retryAt: 5000, error: null } } as const;
    const over: AuthSnapshot = { ...LOADING_SNAPSHOT, status: 'signedOut', endReason: 'suspended', storage: 'indexedDB' };
    expect(types({ ...LOADING_SNAPSHOT, storage: 'indexedDB' }, signedIn)).toEqual(['sessionStarted']);
    expect(types(signedIn, running)).toEqual(['refreshStarted']);
    expect(types(running, waiting)).toEqual(['refreshWaiting']);
    expect(types(running, renewed)).toEqual(['tokensRenewed']);
    expect(changesBetween(signedIn, over, 'otherTab', 0)).toEqual([{ type: 'sessionEnded', source: 'otherTab', sessionId: 's', reason: 'suspended' }]);
    expect(types(signedIn, { ...signedIn, storage: 'memory' })).toEqual(['storageChanged']);
    expect(types(signedIn, signedIn)).toEqual([]);
  });

  it('report a session that is being restored, and no end if the API has none', () => {
    const running: AuthSnapshot = { ...LOADING_SNAPSHOT, storage: 'indexedDB', refresh: { state: 'running', retryAt: null, error: null } };
    const waiting: AuthSnapshot = { ...running, refresh: { state: 'waiting', retryAt: 5000, error: null } };
    const blocked: AuthSnapshot = { ...running, status: 'signedOut', refresh: { state: 'blocked', retryAt: null, error: null } };
    expect(types({ ...LOADING_SNAPSHOT, storage: 'indexedDB' }, running)).toEqual(['refreshStarted']);
    expect(types(running, signedIn)).toEqual(['sessionStarted']);
    expect(types(running, { ...LOADING_SNAPSHOT, status: 'signedOut', storage: 'indexedDB' })).toEqual([]);
    const lines = [[LOADING_SNAPSHOT, running], [running, waiting], [waiting, blocked]] as const;
    const words = lines.flatMap(([previous, next]) => linesOf('a', changesBetween(previous, next, 'thisTab', 0).map((change) => ({ ...change, at: 1 })))).map((line) => wordsOf(line).title);
    expect(words).toEqual(['Restore started', 'Restore failed', 'Restore blocked']);
  });

  it('report a lead of a quarter of the life, or the configured one if that is shorter', () => {
    expect(changesBetween(LOADING_SNAPSHOT, signedIn, 'storage', 120_000)).toMatchObject([{ lifetimeMs: 40_000, leadMs: 10_000 }]);
    expect(changesBetween(LOADING_SNAPSHOT, signedIn, 'storage', 3000)).toMatchObject([{ leadMs: 3000 }]);
  });

  it('write a bug report with the session and the log, but without a token', () => {
    const report = reportOf(signedIn, linesOf('a', [{ at: 1, type: 'signInStarted' }]), 0);
    expect(JSON.parse(report)).toMatchObject({ madeAt: '1970-01-01T00:00:00.000Z', session: { status: 'signedIn', sessionId: 's' }, log: [{ type: 'signInStarted' }] });
    expect(report).not.toContain('secret');
  });
});

describe('the view of the timeline', () => {
  it('shows the present at 80 % of its width, and two to seven ticks', () => {
    fc.assert(fc.property(fc.integer({ min: 1_000_000, max: 2_000_000_000_000 }), fc.constantFrom(10_000, 60_000, 1_800_000), (now, spanMs) => {
      const view = windowAt(now, spanMs);
      expect(placeOf(view, now)).toBeCloseTo(80);
      const ticks = ticksOf(view);
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThanOrEqual(7);
      for (const at of ticks) expect(at >= view.from && at <= view.until).toBe(true);
    }));
  });

  it('clips a bar that extends beyond it, and omits a bar outside', () => {
    const view = { from: 100, until: 200 };
    expect(extentOf(view, 50, 150)).toEqual({ left: 0, width: 50 });
    expect(extentOf(view, 150, 900)).toEqual({ left: 50, width: 50 });
    expect(extentOf(view, 201, 202)).toBeNull();
    expect(extentOf(view, 1, 99)).toBeNull();
  });
});

it('the devtools write a duration in ms, s, min or h, by its length', () => {
  expect([12, 1500, 59_900, 120_000, 7_200_000].map(durationOf)).toEqual(['12 ms', '1.5 s', '59.9 s', '2 min', '2 h']);
});

it('the devtools corrupt a token so that it differs and keeps its shape', () => {
  fc.assert(fc.property(fc.string({ minLength: 1 }), (token) => {
    expect(corrupted(token)).not.toBe(token);
  }));
  expect(corrupted('aaa.bbb.cde')).toBe('aaa.bbb.edc');
});
