/** A deliberate defect: a text of a source file that is replaced while it is loaded. */
export interface Defect {
  readonly name: string;
  /** Below `src`. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

/** What the invariants must notice, each on its own. */
export const DEFECTS: readonly Defect[] = [
  {
    name: 'no-re-read',
    file: 'core/refresher.ts',
    find: `      await store.sync();
      const state = store.getState();`,
    replace: `      return attempt(stale, claimOf(stale, attemptId));
      const state = store.getState();`,
  },
  {
    name: 'no-compare-and-set',
    file: 'core/model/record-change.ts',
    find: `
      && current.session.sessionId === claim.sessionId
      && current.session.generation === claim.generation
      && (claim.attemptId === null || claim.attemptId === current.asking)`,
    replace: '',
  },
  {
    name: 'transient-is-final',
    file: 'protocols/bonfire/error-codes.ts',
    find: '  return transientStatus(answer.status, answer.retryAfterMs)',
    replace: "  if (answer.status >= 500) return { kind: 'final', reason: 'login_required' };\n  return transientStatus(answer.status, answer.retryAfterMs)",
  },
  {
    name: 'replay-across-sessions',
    file: 'core/authed-fetch.ts',
    find: '    return tokens.acquire({ signal, sessionId, rejectedGeneration: generation });',
    replace: '    return tokens.acquire({ signal, sessionId: sessionIdOf(store), rejectedGeneration: sessionIdOf(store) === sessionId ? generation : null });',
  },
];
