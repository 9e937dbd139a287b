import { contentOf, difference, LEASE_MS, leaseOf, LIFE_MS, newRow, nextRow, readRow, type Rule, type Scene } from './contract-scene.ts';

/** How long a row lives that a rule sees end, ms. */
const SHORT_MS = 100;

/** The rules of the contract for the ends of a row, and for the list of a user's sessions. */
export const LIFE_RULES: readonly Rule[] = [
  ['A row is over if it was not read for `idleMs`. No method finds it then, and `insert` may use its key again.', endsIdle],
  ['`read` lets a row live for `idleMs` from then.', livesOn],
  ['No `read` lets a row live beyond its `absoluteMs`.', endsAbsolutely],
  ['`replace` and `extend` do not let a row live longer.', livesNotByWrites],
  ['`list` returns the sessions of one user, with their keys.', listsOwn],
  ['`list` leaves out a session that `replace` has ended; `read` still returns it.', leavesOutEnded],
  ['`list` has the times of a session in epoch ms: `createdAt` stays, and `usedAt` follows `read`.', listsTimes],
];

const NOT_DONE = { isDone: false, row: null };

async function endsIdle(scene: Scene): Promise<string | null> {
  const { store, key, subject } = scene;
  await store.insert(key, newRow({ idleMs: SHORT_MS, subject }));
  await scene.wait(2 * SHORT_MS);
  const problem = difference('the result of `replace`', await store.replace(key, 'etag-1', nextRow('etag-2')), NOT_DONE)
    ?? difference('the result of `remove`', await store.remove(key, 'etag-1'), NOT_DONE)
    ?? difference('the list', await store.list(subject), [])
    ?? difference('the row', contentOf(await readRow(scene)), null);
  if (problem) return problem;
  await store.insert(key, newRow({ etag: 'etag-3' }));
  return difference('the etag', (await readRow(scene))?.etag, 'etag-3');
}

/** On a slow machine the time may be over before the last read. It is then tried with a longer one. */
async function livesOn({ store, key, wait, clock }: Scene): Promise<string | null> {
  for (let idleMs = 8 * SHORT_MS; idleMs <= LIFE_MS / 4; idleMs *= 3) {
    const [current, startedAt] = [`${key}-${idleMs}`, clock()];
    await store.insert(current, newRow({ idleMs }));
    await wait(0.6 * idleMs);
    await store.read(current, idleMs);
    const isFirstInTime = clock() - startedAt < idleMs;
    const readAt = clock();
    await wait(0.6 * idleMs);
    const row = await store.read(current, idleMs);
    if (row) return null;
    if (isFirstInTime && clock() - readAt < 0.9 * idleMs) return `a row with ${idleMs} ms is gone less than ${idleMs} ms after a \`read\``;
  }
  return 'this machine is too slow to check it';
}

async function endsAbsolutely(scene: Scene): Promise<string | null> {
  await scene.store.insert(scene.key, newRow({ absoluteMs: 3 * SHORT_MS, idleMs: LIFE_MS }));
  await scene.wait(SHORT_MS);
  await scene.store.read(scene.key, SHORT_MS * 10);
  await scene.wait(3 * SHORT_MS);
  return difference('the row', contentOf(await readRow(scene)), null);
}

async function livesNotByWrites(scene: Scene): Promise<string | null> {
  const { store, key } = scene;
  await store.insert(key, newRow({ idleMs: 3 * SHORT_MS }));
  await scene.wait(2 * SHORT_MS);
  await store.replace(key, 'etag-1', nextRow('etag-2', { lease: leaseOf('owner-1') }));
  await store.replace(key, '', nextRow('etag-3'));
  await store.extend(key, 'owner-1', LEASE_MS);
  await scene.wait(2 * SHORT_MS);
  return difference('the result of `extend`', await store.extend(key, 'owner-1', LEASE_MS), false) ?? difference('the row', contentOf(await readRow(scene)), null);
}

async function listsOwn({ store, other, key, otherKey, subject }: Scene): Promise<string | null> {
  await store.insert(key, newRow({ subject }));
  await store.insert(otherKey, newRow({ subject }));
  await store.insert(`${key}-3`, newRow({ subject: `${subject}-2` }));
  await store.insert(`${key}-4`, newRow());
  const keys = (await other.list(subject)).map((entry) => entry.key);
  return difference('the list of keys', keys.toSorted(), [key, otherKey].toSorted()) ?? difference('the list of a user without a session', await store.list(`${subject}-3`), []);
}

async function leavesOutEnded(scene: Scene): Promise<string | null> {
  const { store, key, otherKey, subject } = scene;
  await store.insert(key, newRow({ subject }));
  await store.insert(otherKey, newRow({ subject }));
  await store.replace(otherKey, 'etag-1', nextRow('etag-2'));
  await store.replace(key, 'etag-1', nextRow('etag-2', { isEnded: true }));
  const keys = (await store.list(subject)).map((entry) => entry.key);
  return difference('the list of keys', keys, [otherKey]) ?? difference('the etag of the session that has ended', (await readRow(scene))?.etag, 'etag-2');
}

async function listsTimes({ store, key, subject, wait }: Scene): Promise<string | null> {
  const idleMs = 20 * SHORT_MS;
  const entry = async () => (await store.list(subject))[0];
  await store.insert(key, newRow({ subject }));
  const first = await entry();
  await wait(2 * SHORT_MS);
  const row = await store.read(key, idleMs);
  const second = await entry();
  if (!first || !second || !row) return 'the session is not there';
  if (!Number.isFinite(first.createdAt) || !Number.isFinite(first.usedAt)) return '`createdAt` or `usedAt` is not a number';
  if (Math.abs(second.createdAt - first.createdAt) > 5) return '`createdAt` has changed';
  if (second.usedAt - first.usedAt < SHORT_MS) return `\`usedAt\` has not followed a \`read\` after ${2 * SHORT_MS} ms`;
  return Math.abs(row.at - second.usedAt) < idleMs ? null : '`usedAt` is not of the clock of `at`';
}
