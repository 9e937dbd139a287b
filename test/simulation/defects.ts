import type { Platform } from 'unexpired/core';
import type * as refreshOutcome from '../../src/core/model/refresh-outcome.ts';
import type { StorageRecord } from '../../src/core/model/storage-record.ts';
import { COOKIE_DEFECTS } from './cookie-defects.ts';
import { INSTANCE_DEFECTS } from './instance-defects.ts';
import { platformOf, replace, replaceOnPlatform, type Defect, type Replacement } from './replacement.ts';

/** Replaces the order of two records, except if one of them ends the other's session or storage was cleared. */
function replaceOrder(compare: (known: StorageRecord, stored: StorageRecord) => number): Replacement {
  return replace('core/model/record-order.ts', 'laterRecord', (laterRecord, { ends }) => (known, stored) => {
    if (ends(stored, known) || ends(known, stored) || known.storageId !== stored.storageId) return laterRecord(known, stored);
    return compare(known, stored) > 0 ? stored : known;
  });
}

const REFRESHER = 'core/refresh/refresher.ts';
const AN_HOUR_MS = 3_600_000;

const generationOf = ({ session }: StorageRecord) => session?.generation ?? 0;

/** The deliberate defects. The invariants must detect each one. */
export const DEFECTS: readonly Defect[] = [
  {
    // A tab that waited for the lock neither reads storage first, nor compares it when it notes its attempt.
    name: 'no-re-read',
    replacements: [
      replace('core/refresh/refresher.ts', 'createRefresher', (create) => (context, store, holdJar) => create(context, { ...store, sync: () => Promise.resolve({ isRead: true, isWrittenBack: false }) }, holdJar)),
      replace('core/model/record-change.ts', 'noteAttemptChange', () => (seen, attemptId) => ({ revision }) => ({ ...seen, pendingAttemptId: attemptId, revision: revision + 1 })),
    ],
  },
  {
    name: 'others-not-adopted',
    replacements: [
      replace('core/model/token-decision.ts', 'isUsable', () => () => false, REFRESHER),
      replace('core/model/refresh-failure.ts', 'isSameFailure', () => () => true, REFRESHER),
    ],
  },
  {
    name: 'failures-not-adopted',
    replacements: [replace('core/model/refresh-failure.ts', 'isSameFailure', () => () => true, REFRESHER)],
  },
  {
    name: 'single-flight-of-all-users',
    replacements: [
      replace('core/refresh/refresher.ts', 'createRefresher', (create) => (...args) => {
        const refresh = create(...args);
        let running: Promise<void> | null = null;
        return (stale) => (running ??= refresh(stale).finally(() => (running = null)));
      }),
    ],
  },
  {
    // The note stays in the memory of the tab, so no other tab can read it.
    name: 'attempt-not-stored',
    replacements: [
      replace('core/model/storage-record.ts', 'encodeRecord', (encode) => (record) => encode(record.status === 'signedIn' ? { ...record, pendingAttemptId: null } : record)),
    ],
  },
  {
    name: 'refresh-without-note',
    replacements: [
      replace('core/refresh/refresh-lock.ts', 'createRefreshLock', (create) => (...args) => ({
        ...create(...args),
        reserve: () => Promise.resolve(() => undefined),
        isReserved: () => Promise.resolve(false),
      })),
    ],
  },
  {
    name: 'attempts-of-others-ignored',
    replacements: [
      replace('core/refresh/refresh-lock.ts', 'createRefreshLock', (create) => (...args) => ({ ...create(...args), watch: () => () => Promise.resolve(false) })),
    ],
  },
  {
    name: 'no-compare-and-set',
    replacements: [
      replace('core/model/record-change.ts', 'commitChange', (commit) => (claim, tokens, receipt) => (current) => commit({ ...claim, ...current.session }, tokens, receipt)(current)),
    ],
  },
  {
    name: 'compare-without-session',
    replacements: [
      replace('core/model/record-change.ts', 'commitChange', (commit) => (claim, tokens, receipt) => (current) => {
        const { sessionId = claim.sessionId } = current.session ?? {};
        return commit({ ...claim, sessionId }, tokens, receipt)(current);
      }),
    ],
  },
  {
    name: 'frozen-unnoticed',
    replacements: [replace('core/model/token-life.ts', 'remainingMs', () => () => 0, REFRESHER)],
  },
  {
    name: 'server-error-is-final',
    replacements: [
      replace('protocols/bonfire/bonfire.ts', 'bonfire', (create) => (options) => {
        const protocol = create(options);
        return { ...protocol, readRefresh: (answer, current) => (answer.status >= 500 ? { kind: 'final', reason: 'login_required' } : protocol.readRefresh(answer, current)) };
      }),
    ],
  },
  {
    name: 'network-error-is-final',
    replacements: [
      replace('core/model/refresh-outcome.ts', 'transient', (transient) => (cause, ...more) => {
        const final: refreshOutcome.FinalFailure = { kind: 'final', reason: 'login_required' };
        return cause === 'network' ? (final as never) : transient(cause, ...more);
      }, 'core/endpoint/token-endpoint.ts'),
    ],
  },
  {
    name: 'replay-across-sessions',
    replacements: [
      replace('core/refresh/token-source.ts', 'createTokenSource', (create) => (...args) => {
        const acquire = create(...args);
        return async (request) => {
          if (typeof request.rejectedGeneration !== 'number') return acquire(request);
          const current = await acquire({ minValidityMs: -Infinity });
          return current.record.session.sessionId === request.sessionId ? acquire(request) : current;
        };
      }),
    ],
  },
  {
    name: 'ended-session-revived',
    replacements: [
      replaceOrder((known, stored) => generationOf(stored) - generationOf(known) || stored.revision - known.revision),
    ],
  },
  {
    name: 'writes-outrun-tokens',
    replacements: [
      replaceOrder((known, stored) => stored.revision - known.revision),
    ],
  },
  {
    name: 'no-messages-between-tabs',
    replacements: [replaceOnPlatform(() => ({ openChannel: null }))],
  },
  {
    name: 'clock-offset-ignored',
    replacements: [
      replace('core/model/token-life.ts', 'receiptOf', (receiptOf) => (tokens, facts, last) => ({
        ...receiptOf(tokens, facts, last),
        lifetimeMs: tokens.expiresAt === null ? null : Math.max(0, tokens.expiresAt - facts.requestedAt),
      })),
    ],
  },
  {
    name: 'wall-clock-only',
    replacements: [replace('core/model/token-life.ts', 'remainingMs', () => (anchor, { wall }) => anchor.leftMs - (wall - anchor.wall))],
  },
  {
    name: 'monotonic-clock-only',
    replacements: [replace('core/model/token-life.ts', 'remainingMs', () => (anchor, { monotonic }) => anchor.leftMs - (monotonic - anchor.monotonic))],
  },
  {
    name: 'retry-after-ignored',
    replacements: [replace('core/model/refresh-policy.ts', 'backoffMs', (backoffMs) => (attempt, random) => backoffMs(attempt, random, null))],
  },
  {
    name: 'no-backoff',
    replacements: [replace('core/model/refresh-policy.ts', 'backoffMs', () => (_attempt, _random, retryAfterMs) => retryAfterMs ?? 0)],
  },
  {
    name: 'expired-token-sent',
    replacements: [
      replace('core/model/token-decision.ts', 'isUsable', (isUsable) => (state, minValidityMs, at) => isUsable(state, minValidityMs - AN_HOUR_MS, at), 'core/request/authed-fetch.ts'),
    ],
  },
  {
    name: 'token-in-a-message',
    replacements: [
      replace('core/create-auth-client.ts', 'createAuthClient', (create) => (config) => {
        const platform = platformOf(config);
        const openChannel: Platform['openChannel'] = (name, onMessage) => {
          const channel = platform.openChannel?.(name, onMessage);
          return { close: () => channel?.close(), post: (message) => channel?.post({ ...(message as object), tokens: auth.getSnapshot().tokens }) };
        };
        const auth = create({ ...config, platform: { ...platform, openChannel } });
        return auth;
      }),
    ],
  },
  {
    name: 'own-access-token-stored',
    replacements: [replace('core/model/own-token.ts', 'withoutAccessToken', () => (record) => record)],
  },
  {
    name: 'unreadable-answer-retried',
    replacements: [replace('core/model/answer-class.ts', 'classified', () => (outcome) => outcome)],
  },
  {
    name: 'rotated-token-dropped',
    replacements: [replace('core/model/refresh-outcome.ts', 'withRotated', () => (outcome) => outcome)],
  },
  {
    name: 'foreign-errors-quoted',
    replacements: [replace('core/model/foreign-error.ts', 'nameOf', () => String)],
  },
  {
    name: 'wake-listener-kept',
    replacements: [
      replaceOnPlatform(({ onWake }) => ({
        onWake(listener) {
          onWake(listener);
          return () => undefined;
        },
      })),
    ],
  },
  ...COOKIE_DEFECTS,
  ...INSTANCE_DEFECTS,
];

/** Creates what a defect puts in place of an export. */
export function replacedExport(defect: string, file: string, exported: string, module: Readonly<Record<string, unknown>>): unknown {
  const replacement = DEFECTS.find(({ name }) => name === defect)?.replacements.find((one) => one.file === file && one.exported === exported);
  const original = module[exported];
  if (!replacement || typeof original !== 'function') throw new Error(`The defect "${defect}" does not apply: src/${file} exports no function ${exported}.`);
  return replacement.create(original, module);
}
