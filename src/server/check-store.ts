import { invalidConfig } from '../core/model/auth-error.ts';
import { withDeadline } from '../core/platform/deadline.ts';
import { LEASE_RULES } from './contract-of-leases.ts';
import { LIFE_RULES } from './contract-of-lives.ts';
import { WATCH_RULES } from './contract-of-watch.ts';
import { WRITE_RULES } from './contract-of-writes.ts';
import { newRow, readRow, type Rule, type Scene } from './contract-scene.ts';
import { serverPlatform } from './server-platform.ts';
import type { SessionStore } from './store.ts';

/** Options of {@link checkStoreContract}. */
export interface CheckStoreOptions {
  /** Waits for some ms by the store's clock. Default: a timer. Pass your own if the store has a simulated clock. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** A rule that takes longer has failed, ms. */
const RULE_MS = 60_000;

/**
 * Checks that a store keeps the contract that the sessions of a server depend on. It runs in any test runner, and takes a few seconds.
 *
 * It creates two stores with the same rows, as two instances have them. It adds rows under keys that start with `contract-`.
 * They live for a minute at most. Both stores are closed at the end.
 *
 * @param createStore creates a store; called twice
 * @throws Error that lists each rule that the store breaks, AuthError `invalid_config` if `createStore` is not a function
 * @see `SessionStore`
 * @example
 * ```ts
 * import { checkStoreContract, type SessionStore } from 'unexpired/server/testing';
 *
 * declare function ownStore(address: string): SessionStore;
 * await checkStoreContract(() => ownStore('db.example.com'));
 * ```
 */
export async function checkStoreContract(createStore: () => SessionStore | Promise<SessionStore>, options: CheckStoreOptions = {}): Promise<void> {
  if (typeof createStore !== 'function') throw invalidConfig('createStore', 'must be a function that creates a store');
  const platform = serverPlatform();
  const { wait = (ms) => new Promise<void>((resolve) => void platform.setTimer(resolve, ms)) } = options;
  const [store, other] = [await createStore(), await createStore()];
  const run = platform.randomId();
  const sceneOf = (index: number): Scene => {
    const [key, subject] = [`contract-${run}-${index}`, `contract-user-${run}-${index}`];
    return { store, other, key, otherKey: `${key}-other`, subject, wait, clock: () => platform.now().monotonic };
  };
  const rules = [...WRITE_RULES, ...LEASE_RULES, ...LIFE_RULES, ...(store.watch ? WATCH_RULES : [])];
  const problems = await Promise.all(rules.map(([sentence, findProblem], index) => tryRule([sentence, (scene) => withDeadline(platform, RULE_MS, () => findProblem(scene))], sceneOf(index))));
  problems.push(await tryRule(CLOSE_RULE, sceneOf(rules.length)), await tryRule(LAST_CLOSE_RULE, sceneOf(0)));
  const broken = problems.filter((problem) => problem !== null);
  if (broken.length > 0) throw new Error(`The store "${store.name}" breaks its contract:\n${broken.join('\n')}`);
}

const CLOSE_RULE: Rule = ['`close` resolves, also the second time, and leaves the other store open.', async (scene) => {
  await scene.store.close();
  await scene.store.close();
  if (scene.store === scene.other) return null;
  await scene.other.insert(scene.key, newRow());
  return (await readRow({ ...scene, store: scene.other })) ? null : 'the other store has lost a row';
}];

const LAST_CLOSE_RULE: Rule = ['`close` resolves for the last store, too.', async ({ other }) => other.close().then(() => null)];

async function tryRule([sentence, findProblem]: Rule, scene: Scene): Promise<string | null> {
  const problem = await findProblem(scene).catch((error: unknown) => `it has rejected: ${String(error)}`);
  return problem && `- ${sentence} Found: ${problem}.`;
}
