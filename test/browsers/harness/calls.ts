import { AuthError, type AuthClient } from 'unexpired/core';
import { record } from './exposed-text.ts';
import type { BurstOutcome, Seen } from './harness.ts';

const bursts = new Map<string, Promise<BurstOutcome>>();

/** The session as a tab sees it. */
export function seenBy(client: AuthClient): Seen {
  const { status, sessionId, endReason, storage, refresh, tokens, clockOffset } = client.getSnapshot();
  const expired = tokens !== null && tokens.expiresAt !== null && tokens.expiresAt - clockOffset <= Date.now();
  return { status, sessionId, endReason, storage, refresh: refresh.state, expired };
}

/** Makes calls at the same time, each to its own address, because Chromium would send equal requests one after the other. */
export function startBurst(client: AuthClient, tab: string, name: string, calls: number): void {
  const expiredAtStart = seenBy(client).expired;
  const answers = Array.from({ length: calls }, (_, call) => callOnce(client, `/users/me?burst=${name}-${tab}-${call}`));
  bursts.set(name, Promise.all(answers).then((settled) => outcomeOf(settled, expiredAtStart)));
}

/** Waits for a burst. */
export function burstOutcome(name: string): Promise<BurstOutcome> {
  return bursts.get(name) ?? Promise.reject(new Error(`There is no burst ${name}.`));
}

interface Settled {
  readonly user?: string;
  readonly failure?: string;
}

async function callOnce(client: AuthClient, path: string): Promise<Settled> {
  try {
    const response = await client.fetch(path);
    if (!response.ok) return { failure: String(response.status) };
    const { data } = (await response.json()) as { data: { attributes: { username: string } } };
    return { user: data.attributes.username };
  } catch (error) {
    record(error);
    return { failure: AuthError.is(error) ? error.code : String(error) };
  }
}

function outcomeOf(settled: readonly Settled[], expiredAtStart: boolean): BurstOutcome {
  const others: Record<string, number> = {};
  for (const { failure } of settled) if (failure !== undefined) others[failure] = (others[failure] ?? 0) + 1;
  const users = settled.flatMap(({ user }) => user ?? []);
  return { expiredAtStart, answered: users.length, others, users: [...new Set(users)] };
}
