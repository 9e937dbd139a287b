import type { Call, History } from './history.ts';
import type { InstanceInvariant } from './invariant.ts';
import { earlyMs, hasFailedSince, isRowLost, lateMs } from './session-times.ts';

/** The end of a session by its limits, on several instances. Each check counts by the store's clock. */
export const limitsHold: InstanceInvariant = {
  number: 11,
  name: 'a session ends in time, not before, on all instances, and stays over',
  onSend: (history, call) => afterItsEnd(history, call, 'is sent'),
  onOutcome: (history, call) => {
    const { path, login, outcome, endReason } = call;
    if (outcome === 'answered') return afterItsEnd(history, call, 'is answered') ?? afterAnOutcome(history, call);
    if (outcome !== 'over' || (endReason !== 'idle' && endReason !== 'expired')) return null;
    const ms = earlyMs(history, login, endReason);
    return ms > 0 ? `${path} ends session ${login.sid} as ${endReason} ${ms} ms early` : null;
  },
  onStep: (history) => {
    if (!history.scenario.limits) return null;
    const ended = history.calls.find((call) => isOverByLimit(call) && history.records.has(call.login.key) && !isRowLost(history, call.login.sid, call.at) && !hasFailedSince(history, call));
    return ended ? `the row of session ${ended.login.sid} has its tokens, although ${ended.path} has found it ${ended.endReason}` : null;
  },
};

const isOverByLimit = ({ outcome, endReason }: Call) => outcome === 'over' && (endReason === 'idle' || endReason === 'expired');

function afterItsEnd(history: History, call: Call, what: string): string | null {
  const ms = lateMs(history, call);
  return ms > 0 ? `${call.path} of session ${call.login.sid} ${what}, although it began ${ms} ms after the session's end` : null;
}

function afterAnOutcome(history: History, { path, login, at }: Call): string | null {
  if (!history.scenario.limits || isRowLost(history, login.sid, -Infinity)) return null;
  const ended = history.calls.find((other) => other.login === login && isOverByLimit(other) && (other.settledAt ?? Infinity) < at);
  return ended ? `${path} of session ${login.sid} is answered, although ${ended.path} has found it ${ended.endReason}` : null;
}
