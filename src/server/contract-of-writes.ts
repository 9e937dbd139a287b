import { contentOf, difference, leaseOf, LIFE_MS, newRow, nextRow, readRow, type Rule, type Scene } from './contract-scene.ts';
import type { Write } from './store.ts';

const FIRST = { text: 'the first text', etag: 'etag-1', owner: null };
const NOT_DONE = { isDone: false, row: null };

/** All scripts, quotes and line ends, over 100,000 characters. A text has no NUL. */
const LONG_TEXT = '\u{1F525}ü"\'\\\n{}%s$1 '.repeat(7000);

/** The rules of the contract for rows: they are added, read, replaced and removed. */
export const WRITE_RULES: readonly Rule[] = [
  ['A store has a name.', async ({ store }) => (typeof store.name === 'string' && store.name !== '' ? null : '`name` is not a text, or it is empty')],
  ['`read` resolves to null if there is no row.', async (scene) => difference('the row', await readRow(scene), null)],
  ['`insert` adds a row, and `read` returns its text, its etag and no lease.', returnsWhatWasInserted],
  ['A text is kept unchanged, also if it has 100,000 characters of all scripts.', keepsLongText],
  ['Each row has the time by the store’s clock, in epoch ms.', hasTime],
  ['`insert` rejects if there is a row with the key, and the row stays as it is.', refusesSecondInsert],
  ['Of 10 calls of `insert` with one key at the same time, exactly one resolves.', insertsOnce],
  ['`replace` writes the text, the etag and the lease if the etag matches.', replaces],
  ['`replace` writes nothing if the etag does not match, and resolves to the row that is there.', keepsNewerRow],
  ['`replace` writes no row if there is none, and resolves to `row: null`.', revivesNothing],
  ['Of 50 calls of `replace` with one etag at the same time, exactly one is done, and the others get its row.', replacesOnce],
  ['`remove` removes a row if the etag matches.', removes],
  ['`remove` keeps a row if the etag does not match, and resolves to that row.', removesNoNewerRow],
  ['Of a `remove` and 20 calls of `replace` with one etag at the same time, exactly one is done.', removesOrReplaces],
  ['A write to one session changes no other session.', leavesOthers],
  ['Two stores of `createStore` have the same rows. If a store has them in its memory, return the same store from each call.', sharesRows],
];

async function returnsWhatWasInserted(scene: Scene): Promise<string | null> {
  await scene.store.insert(scene.key, newRow());
  return difference('the row', contentOf(await readRow(scene)), FIRST);
}

async function keepsLongText(scene: Scene): Promise<string | null> {
  await scene.store.insert(scene.key, newRow({ text: LONG_TEXT }));
  if ((await readRow(scene))?.text !== LONG_TEXT) return 'the text of `insert` has changed';
  await scene.store.replace(scene.key, 'etag-1', nextRow('etag-2', { text: `${LONG_TEXT}2` }));
  return (await readRow(scene))?.text === `${LONG_TEXT}2` ? null : 'the text of `replace` has changed';
}

async function hasTime(scene: Scene): Promise<string | null> {
  await scene.store.insert(scene.key, newRow({ subject: scene.subject }));
  const first = await readRow(scene);
  await scene.wait(20);
  const conflict = await scene.store.replace(scene.key, 'another etag', nextRow('etag-2'));
  const [one, two, created] = [first?.at, conflict.isDone ? undefined : conflict.row?.at, (await scene.store.list(scene.subject))[0]?.createdAt];
  if (typeof one !== 'number' || typeof two !== 'number') return difference('the type of `at`', [typeof one, typeof two], ['number', 'number']);
  if (two <= one) return '`at` does not go on: 20 ms later it is the same, or less';
  return Math.abs(one - (created ?? 0)) < LIFE_MS ? null : '`at` and `createdAt` are not of one clock';
}

async function refusesSecondInsert(scene: Scene): Promise<string | null> {
  await scene.store.insert(scene.key, newRow());
  const isRefused = await scene.other.insert(scene.key, newRow({ text: 'the second text', etag: 'etag-2' })).then(() => false, () => true);
  return isRefused ? difference('the row', contentOf(await readRow(scene)), FIRST) : 'the second `insert` has resolved';
}

async function insertsOnce({ store, other, key }: Scene): Promise<string | null> {
  const inserts = Array.from({ length: 10 }, (_, turn) => (turn % 2 ? store : other).insert(key, newRow({ etag: `etag-${turn}` })).then(() => `etag-${turn}`, () => null));
  const done = (await Promise.all(inserts)).filter((etag) => etag !== null);
  if (done.length !== 1) return `${done.length} have resolved`;
  return difference('the etag', (await readRow({ store, key }))?.etag, done[0]);
}

async function replaces(scene: Scene): Promise<string | null> {
  await scene.store.insert(scene.key, newRow());
  const write = await scene.store.replace(scene.key, 'etag-1', nextRow('etag-2', { lease: leaseOf('owner-1') }));
  const withLease = difference('the result', write, { isDone: true }) ?? difference('the row', contentOf(await readRow(scene)), { text: 'the text of etag-2', etag: 'etag-2', owner: 'owner-1' });
  if (withLease) return withLease;
  await scene.store.replace(scene.key, 'etag-2', nextRow('etag-3'));
  return difference('the row after a `replace` without a lease', contentOf(await readRow(scene)), { text: 'the text of etag-3', etag: 'etag-3', owner: null });
}

async function keepsNewerRow(scene: Scene): Promise<string | null> {
  await scene.store.insert(scene.key, newRow());
  const write = await scene.store.replace(scene.key, 'another etag', nextRow('etag-2', { lease: leaseOf('owner-1') }));
  return conflictProblem(write, FIRST) ?? difference('the row', contentOf(await readRow(scene)), FIRST);
}

function conflictProblem(write: Write, row: object): string | null {
  return write.isDone ? 'it is done' : difference('the row of the result', contentOf(write.row), row);
}

async function revivesNothing(scene: Scene): Promise<string | null> {
  const write = await scene.store.replace(scene.key, 'etag-1', nextRow('etag-2'));
  return difference('the result', write, NOT_DONE) ?? difference('the row', contentOf(await readRow(scene)), null);
}

async function replacesOnce({ store, other, key }: Scene): Promise<string | null> {
  await store.insert(key, newRow());
  const writes = await Promise.all(Array.from({ length: 50 }, (_, turn) => (turn % 2 ? store : other).replace(key, 'etag-1', nextRow(`new-${turn}`, { lease: leaseOf(`owner-${turn}`) }))));
  const done = writes.flatMap(({ isDone }, turn) => (isDone ? [turn] : []));
  if (done.length !== 1) return `${done.length} are done`;
  const right = { text: `the text of new-${done[0]}`, etag: `new-${done[0]}`, owner: `owner-${done[0]}` };
  const problems = writes.map((write) => (write.isDone ? null : conflictProblem(write, right)));
  return problems.find((problem) => problem !== null) ?? difference('the row', contentOf(await readRow({ store, key })), right);
}

async function removes(scene: Scene): Promise<string | null> {
  await scene.store.insert(scene.key, newRow({ subject: scene.subject }));
  const write = await scene.store.remove(scene.key, 'etag-1');
  return difference('the result', write, { isDone: true })
    ?? difference('the row', contentOf(await readRow(scene)), null)
    ?? difference('the list', await scene.store.list(scene.subject), [])
    ?? difference('the result of a second `remove`', await scene.store.remove(scene.key, 'etag-1'), NOT_DONE);
}

async function removesNoNewerRow(scene: Scene): Promise<string | null> {
  await scene.store.insert(scene.key, newRow());
  return conflictProblem(await scene.store.remove(scene.key, 'another etag'), FIRST) ?? difference('the row', contentOf(await readRow(scene)), FIRST);
}

/** The `remove` starts first, and once more in the middle. */
async function removesOrReplaces({ store, other, key }: Scene): Promise<string | null> {
  for (const place of [0, 10]) {
    const current = `${key}-${place}`;
    await store.insert(current, newRow());
    const writes = await Promise.all(Array.from({ length: 21 }, (_, turn) => (turn === place ? other.remove(current, 'etag-1') : (turn % 2 ? store : other).replace(current, 'etag-1', nextRow(`new-${turn}`)))));
    const done = writes.filter(({ isDone }) => isDone).length;
    const problem = done === 1 ? difference('whether there is a row', (await readRow({ store, key: current })) !== null, !writes[place]?.isDone) : `${done} are done`;
    if (problem) return problem;
  }
  return null;
}

async function leavesOthers({ store, key, otherKey, subject }: Scene): Promise<string | null> {
  await store.insert(key, newRow({ subject }));
  await store.insert(otherKey, newRow({ subject }));
  await store.replace(otherKey, 'etag-1', nextRow('etag-2', { lease: leaseOf('owner-1') }));
  const foreign = await store.extend(key, 'owner-1', 0);
  await store.replace(key, 'etag-1', nextRow('etag-3', { isEnded: true }));
  await store.remove(key, 'etag-3');
  return difference('the result of `extend` with the owner of another session', foreign, false)
    ?? difference('the other row', contentOf(await readRow({ store, key: otherKey })), { text: 'the text of etag-2', etag: 'etag-2', owner: 'owner-1' })
    ?? difference('the list', (await store.list(subject)).map((entry) => entry.key === otherKey), [true]);
}

async function sharesRows({ store, other, key }: Scene): Promise<string | null> {
  await store.insert(key, newRow());
  return difference('the row in the second store', contentOf(await readRow({ store: other, key })), FIRST);
}
