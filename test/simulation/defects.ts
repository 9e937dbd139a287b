/** A deliberate defect: a text of a source file that is replaced while it is loaded. */
export interface Defect {
  readonly name: string;
  /** Below `src`. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

const REFRESHER = 'core/refresh/refresher.ts';
const CHANGE = 'core/model/record-change.ts';
const ORDER = 'core/model/record-order.ts';

/** What the invariants must notice, each on its own. */
export const DEFECTS: readonly Defect[] = [
  {
    name: 'no-re-read',
    file: REFRESHER,
    find: '      if (await store.sync()) await right.pause();\n',
    replace: '      if (!life.aborted) return attempt(stale, { sessionId, generation: stale.session.generation, attemptId });\n',
  },
  {
    name: 'others-not-adopted',
    file: REFRESHER,
    find: ' || isSettledElsewhere(state, stale)) return;',
    replace: ') return;',
  },
  {
    name: 'failures-not-adopted',
    file: REFRESHER,
    find: 'if (failure !== null && (renewed || !isSameFailure(failure, stale.failure))) return true;',
    replace: 'void failure;',
  },
  {
    name: 'single-flight-of-all-users',
    file: REFRESHER,
    find: 'const joined = running.get(sessionId);',
    replace: 'const joined = [...running.values()][0];',
  },
  {
    name: 'attempt-not-noted',
    file: CHANGE,
    find: '    return { ...current, asking: attemptId,',
    replace: '    return { ...current, asking: null,',
  },
  {
    name: 'attempts-of-others-ignored',
    file: REFRESHER,
    find: 'if (other !== null && other !== attemptId && (await waitFor(other))) continue;',
    replace: 'if (other === attemptId) await waitFor(attemptId);',
  },
  {
    name: 'no-compare-and-set',
    file: CHANGE,
    find: `
      && current.session.sessionId === sessionId
      && current.session.generation === generation
      && (attemptId === null || attemptId === current.asking);`,
    replace: ';',
  },
  {
    name: 'compare-without-session',
    file: CHANGE,
    find: '      && current.session.sessionId === sessionId\n',
    replace: '',
  },
  {
    name: 'frozen-unnoticed',
    file: REFRESHER,
    find: ' && remainingMs({ ...startedAt, leftMs: FROZEN_MS }, platform.now()) >= 0 ? record : null;',
    replace: ' ? record : null;',
  },
  {
    name: 'transient-is-final',
    file: 'protocols/bonfire/error-codes.ts',
    find: '  return transientStatus(status, retryAfterMs)',
    replace: "  if (status >= 500) return { kind: 'final', reason: 'login_required' };\n  return transientStatus(status, retryAfterMs)",
  },
  {
    name: 'network-error-is-final',
    file: REFRESHER,
    find: "if (failure.kind === 'final') return void (await store.write(endChange(claim, failure.reason)));",
    replace: "if (failure.kind !== 'misconfigured') return void (await store.write(endChange(claim, failure.kind === 'final' ? failure.reason : 'login_required')));",
  },
  {
    name: 'replay-across-sessions',
    file: 'core/request/authed-fetch.ts',
    find: 'acquireToken({ signal, sessionId, rejectedGeneration })',
    replace: 'acquireToken({ signal, sessionId: sessionIdOf(store), rejectedGeneration: sessionIdOf(store) === sessionId ? rejectedGeneration : null })',
  },
  {
    name: 'ended-session-revived',
    file: ORDER,
    find: "  return a.epoch - b.epoch || generationOf(a)",
    replace: '  return generationOf(a)',
  },
  {
    name: 'writes-outrun-tokens',
    file: ORDER,
    find: 'a.epoch - b.epoch || generationOf(a) - generationOf(b) || a.revision - b.revision',
    replace: 'a.revision - b.revision',
  },
  {
    name: 'sign-out-not-told',
    file: 'core/session/session-store.ts',
    find: '    if (!stored && !ended) return;',
    replace: '    if (stored || ended) return;',
  },
  {
    name: 'clock-offset-ignored',
    file: 'core/model/token-life.ts',
    find: 'const left = expiresAt - (requestedAt + clockOffset);',
    replace: 'const left = expiresAt - requestedAt;',
  },
  {
    name: 'wall-clock-alone',
    file: 'core/model/token-life.ts',
    find: 'Math.max(wall - anchor.wall, monotonic - anchor.monotonic)',
    replace: '(wall - anchor.wall)',
  },
  {
    name: 'monotonic-clock-alone',
    file: 'core/model/token-life.ts',
    find: 'Math.max(wall - anchor.wall, monotonic - anchor.monotonic)',
    replace: '(monotonic - anchor.monotonic)',
  },
  {
    name: 'retry-after-ignored',
    file: 'core/model/refresh-policy.ts',
    find: 'const asked = Math.min(LONGEST_RETRY_AFTER_MS, retryAfterMs ?? 0);',
    replace: 'const asked = Math.min(0, retryAfterMs ?? 0);',
  },
  {
    name: 'no-backoff',
    file: 'core/model/refresh-policy.ts',
    find: 'const own = Math.max(BACKOFF_FLOOR_MS, ceiling * random);',
    replace: 'const own = ceiling * random * 0;',
  },
  {
    name: 'expired-token-sent',
    file: 'core/model/token-verdict.ts',
    find: '  return remainingMs(state.life, at) > demanded;',
    replace: '  return remainingMs(state.life, at) > demanded - 3_600_000;',
  },
  {
    name: 'token-in-a-message',
    file: 'core/session/session-store.ts',
    find: 'revision: stored ? record.revision : null',
    replace: 'revision: stored ? encodeRecord(record) : null',
  },
  {
    name: 'errors-not-redacted',
    file: 'core/endpoint/token-endpoint.ts',
    find: '(${redactError(error, request.secrets).message}).`);',
    replace: '(${String(error)}).`);',
  },
  {
    name: 'localStorage-not-settled',
    file: 'core/storage/local-storage.ts',
    find: 'const SETTLE_MS = 20;',
    replace: 'const SETTLE_MS = 0;',
  },
  {
    name: 'wake-listener-kept',
    file: 'core/create-auth-client.ts',
    find: 'platform.onWake(wake), ',
    replace: '(platform.onWake(wake), () => undefined), ',
  },
];
