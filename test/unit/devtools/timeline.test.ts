import { describe, expect, it } from 'vitest';
import { CALL_ROWS, lanesOf, type Lane } from '../../../src/devtools/model/timeline.ts';
import { wordsOf } from '../../../src/devtools/model/words.ts';
import { linesOf } from './log-lines.ts';

const life = (receivedAt: number) => ({ sessionId: 's', receivedAt, lifetimeMs: 1000, leadMs: 250 });

function laneOf(lines: Parameters<typeof linesOf>[1]): Lane {
  const [lane] = lanesOf(linesOf('a', lines));
  if (!lane) throw new Error('There is no lane.');
  return lane;
}

describe('a lane of the timeline', () => {
  it('shows each token from its receipt to that of the next, with the times when it is due and expires', () => {
    const { lives } = laneOf([
      { at: 100, type: 'sessionStarted', source: 'thisTab', ...life(90) },
      { at: 860, type: 'tokensRenewed', source: 'otherTab', ...life(850) },
      { at: 1500, type: 'sessionEnded', source: 'thisTab', sessionId: 's', reason: 'suspended' },
    ]);
    expect(lives).toMatchObject([
      { from: 90, until: 860, dueAt: 840, expiresAt: 1090, source: 'thisTab' },
      { from: 850, until: 1500, dueAt: 1600, expiresAt: 1850, source: 'otherTab' },
    ]);
  });

  it('marks where a session starts and ends, and where the user was active', () => {
    const { marks } = laneOf([
      { at: 100, type: 'sessionStarted', source: 'thisTab', ...life(90) },
      { at: 400, type: 'activityNoted', sessionId: 's', endsAt: 1400 },
      { at: 500, type: 'lockReleased', sessionId: 's' },
      { at: 1400, type: 'sessionEnded', source: 'thisTab', sessionId: 's', reason: 'idle' },
    ]);
    expect(marks.map(({ type }) => type)).toEqual(['sessionStarted', 'activityNoted', 'sessionEnded']);
    expect(marks[1] && wordsOf(marks[1])).toEqual({ title: 'Activity', detail: 'Without more, the session ends in 1 s.', tone: 'plain' });
  });

  it('shows a refresh that starts, takes the lock, is sent, fails and waits', () => {
    const { asked, locks, refreshes, waits } = laneOf([
      { at: 10, type: 'refreshStarted', sessionId: 's' },
      { at: 20, type: 'lockTaken', sessionId: 's' },
      { at: 30, type: 'refreshSent', sessionId: 's', generation: 1, attemptId: 'x' },
      { at: 40, type: 'refreshAnswered', sessionId: 's', generation: 1, attemptId: 'x', outcome: 'transient' },
      { at: 41, type: 'refreshWaiting', sessionId: 's', retryAt: 900, detail: '503' },
      { at: 42, type: 'lockReleased', sessionId: 's' },
    ]);
    expect(asked).toMatchObject([{ from: 10, until: 41 }]);
    expect(locks).toMatchObject([{ from: 20, until: 42 }]);
    expect(refreshes).toMatchObject([{ from: 30, until: 40, outcome: 'transient' }]);
    expect(waits).toMatchObject([{ from: 41, until: 900 }]);
  });

  it('ends a wait when the next attempt starts', () => {
    const { waits } = laneOf([
      { at: 41, type: 'refreshWaiting', sessionId: 's', retryAt: 900, detail: '503' },
      { at: 500, type: 'refreshStarted', sessionId: 's' },
    ]);
    expect(waits).toMatchObject([{ from: 41, until: 500 }]);
  });

  it('shows which call was replayed and which is still in flight', () => {
    const { calls } = laneOf([
      { at: 1, type: 'callStarted', call: 1, method: 'GET', address: 'https://a.test/x' },
      { at: 2, type: 'callSent', call: 1, send: 1 },
      { at: 3, type: 'callAnswered', call: 1, send: 1, status: 401 },
      { at: 3, type: 'callStarted', call: 2, method: 'GET', address: 'https://a.test/y' },
      { at: 4, type: 'callSent', call: 1, send: 2 },
      { at: 5, type: 'callSettled', call: 1, status: 200 },
    ]);
    expect(calls).toMatchObject([
      { from: 1, until: 5, isReplayed: true, sends: [2, 4], outcome: 200, row: 0 },
      { from: 3, until: null, isReplayed: false, sends: [], outcome: null, row: 1 },
    ]);
  });

  it('gives concurrent calls a row each, reuses free rows, and never has more than CALL_ROWS', () => {
    const manyCalls = Array.from({ length: 100 }, (_, index) => ({ at: 1, type: 'callStarted' as const, call: index + 1, method: 'GET', address: 'https://a.test/' }));
    expect(Math.max(...laneOf(manyCalls).calls.map(({ row }) => row))).toBe(CALL_ROWS - 1);
    const one = { type: 'callStarted' as const, method: 'GET', address: 'https://a.test/' };
    const inTurn = laneOf([{ at: 1, call: 1, ...one }, { at: 2, type: 'callSettled', call: 1, status: 200 }, { at: 3, call: 2, ...one }]);
    expect(inTurn.calls.map(({ row }) => row)).toEqual([0, 0]);
  });
});

it('the timeline has one lane for each tab', () => {
  const log = [...linesOf('a', [{ at: 1, type: 'signInStarted' }]), ...linesOf('b', [{ at: 2, type: 'signOutStarted' }])];
  expect(lanesOf(log).map(({ tab }) => tab)).toEqual(['a', 'b']);
});
