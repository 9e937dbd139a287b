import { createTokenEndpoint } from '../../src/core/endpoint/token-endpoint.ts';
import { commitChange } from '../../src/core/model/record-change.ts';
import type { RefreshOutcome } from '../../src/core/model/refresh-outcome.ts';
import { reduceSession } from '../../src/core/model/session-reducer.ts';
import { decodeRecord, encodeRecord, type SignedInRecord } from '../../src/core/model/storage-record.ts';
import { decide, nextRefreshInMs } from '../../src/core/model/token-decision.ts';
import { receiptOf, type ReceiptFacts } from '../../src/core/model/token-life.ts';
import { kept, tokenSetProblem, type TokenSet } from '../../src/core/model/token-set.ts';
import fc from 'fast-check';
import { fromAccessTokenObject } from 'unexpired/bonfire';
import { AuthError, type Platform } from 'unexpired/core';
import { fromTokenResponse } from 'unexpired/oauth2';
import { expect, it } from 'vitest';
import { patience } from '../support/pace.ts';
import { DRAWS, drawnAnswer, MARK, PROTOCOLS, saysItIsOver, type DrawnAnswer } from './malformed.ts';

const at = { wall: Date.UTC(2026, 0, 1), monotonic: 1000 };
const previous: TokenSet = { accessToken: 'a0', refreshToken: 'r0', expiresAt: at.wall + 1000, scopes: ['a'] };
const before: SignedInRecord = {
  status: 'signedIn', storageId: 'x', epoch: 1, revision: 1, failure: null, pendingAttemptId: null, maybeRotated: false,
  session: { sessionId: 's', generation: 1, tokens: previous, receipt: { receivedAt: at.wall - 60_000, lifetimeMs: 61_000, clockOffset: 0 } },
};

/** Sends a refresh whose answer is given, and returns what the client makes of it. */
async function refresh(name: string, { status, body, headers }: DrawnAnswer) {
  const reports: unknown[] = [];
  const platform = {
    now: () => at,
    setTimer: () => () => undefined,
    report: (error: unknown) => void reports.push(error),
    fetch: () => Promise.resolve(new Response(body, { status, headers })),
  } as unknown as Platform;
  const ask = createTokenEndpoint({ platform, origins: { resolveEndpoint: (address) => address }, protocol: {} });
  const { readRefresh, refreshRequest } = PROTOCOLS[name]!;
  const { outcome, facts } = await ask<RefreshOutcome>(refreshRequest('r0'), 0, (answer) => readRefresh(answer, previous));
  return { outcome, facts, reports };
}

/** Checks the session that continues with these tokens: it can be stored and read, its next call is sent, and its next refresh is due later. */
function checkContinues(tokens: TokenSet, facts: ReceiptFacts): void {
  const next = commitChange({ sessionId: 's', generation: 1 }, kept(tokens, previous), receiptOf(tokens, facts, previous))(before);
  const decoded = decodeRecord(encodeRecord(next));
  if (decoded.kind !== 'record') throw new Error(`the stored session is ${decoded.kind}`);
  const state = reduceSession({ status: 'loading' }, { type: 'recordRead', record: decoded.record, at });
  expect(decide(state, { sessionId: 's', rejectedGeneration: null, minValidityMs: 0, patienceMs: 0 }, at).kind).toBe('use');
  const due = nextRefreshInMs(state, 600_000, 0.5, at);
  if (due !== null) expect(Number.isInteger(due) && due > 0).toBe(true);
}

/** Checks the meaning of an answer to a refresh. */
async function checkRefresh(name: string, answer: DrawnAnswer): Promise<void> {
  const { outcome, facts, reports } = await refresh(name, answer);
  if (name !== 'defineProtocol') expect(reports).toEqual([]); // A protocol of this package throws nothing.
  if (outcome.kind === 'final') expect(saysItIsOver(answer)).toBe(true);
  if (outcome.kind !== 'granted') {
    const { rotatedRefreshToken = 'r', ...failure } = { rotatedRefreshToken: undefined, ...outcome };
    expect(JSON.stringify(failure).includes(MARK)).toBe(false);
    expect(rotatedRefreshToken).toMatch(/^[\x21-\x7e]+$/);
    return;
  }
  const problem = tokenSetProblem(outcome.tokens);
  if (name !== 'defineProtocol') expect(problem).toBeNull();
  if (problem === null) checkContinues(outcome.tokens, facts);
  else expect(problem.includes(MARK)).toBe(false);
}

/** Checks what a sign-in makes of the answer: a token set, or an `AuthError` that quotes none of it. */
function checkConversion({ body }: DrawnAnswer): void {
  const value = parsed(body);
  for (const convert of [() => fromTokenResponse(value as never, at.wall, ['id_token', 'user']), () => fromAccessTokenObject(value as never)]) {
    try {
      expect(tokenSetProblem(convert())).toBeNull();
    } catch (error) {
      if (!AuthError.is(error)) throw error;
      expect(error.message.includes(MARK)).toBe(false);
    }
  }
}

it('a malformed token answer causes no throw, no loop, no lost session and no token in a message', async () => {
  await fc.assert(fc.asyncProperty(drawnAnswer, async (answer) => {
    for (const name of Object.keys(PROTOCOLS)) await checkRefresh(name, answer);
    checkConversion(answer);
  }), { numRuns: DRAWS });
}, patience(30_000 + DRAWS * 5));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
