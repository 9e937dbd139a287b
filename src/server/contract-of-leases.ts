import { contentOf, difference, leaseOf, LEASE_MS, newRow, nextRow, readRow, type Rule, type Scene } from './contract-scene.ts';

/** How long a lease lasts that a rule sees end, ms. */
const SHORT_MS = 80;

const LEASED = { text: 'the text of etag-2', etag: 'etag-2', owner: 'owner-1' };
const FREE = { ...LEASED, owner: null };

/** The rules of the contract for leases. */
export const LEASE_RULES: readonly Rule[] = [
  ['A lease has an owner, and `leftMs` counts down from the time that was given.', countsDown],
  ['A lease ends by itself when its time is over.', endsInTime],
  ['`extend` lets a lease of its owner last longer, and changes neither the text nor the etag.', extendsOwn],
  ['`extend` by another owner resolves to false and changes nothing.', extendsNoForeign],
  ['`extend` by 0 ms gives a lease back. After that, `extend` resolves to false.', givesBack],
  ['`extend` after the end of a lease resolves to false and does not revive it.', revivesNoLease],
  ['`extend` resolves to false if there is no lease or no row.', extendsNothing],
  ['If one instance takes a lease that has ended, the former owner cannot extend or give back the new one.', protectsNewOwner],
];

/** Adds a row with a lease of `owner-1`. */
async function lend({ store, key }: Scene, leaseMs = LEASE_MS): Promise<void> {
  await store.insert(key, newRow());
  await store.replace(key, 'etag-1', nextRow('etag-2', { lease: leaseOf('owner-1', leaseMs) }));
}

/** Waits until the lease of a scene has ended. */
async function waitForEnd(scene: Scene): Promise<boolean> {
  for (let turn = 0; turn < 20; turn += 1) {
    await scene.wait(SHORT_MS);
    if ((await readRow(scene))?.lease === null) return true;
  }
  return false;
}

async function countsDown(scene: Scene): Promise<string | null> {
  await lend(scene);
  const first = (await readRow(scene))?.lease;
  await scene.wait(20);
  const second = (await readRow({ ...scene, store: scene.other }))?.lease;
  if (!first || !second) return 'there is no lease';
  const isRight = first.leftMs <= LEASE_MS && second.leftMs < first.leftMs && second.leftMs > 0;
  return isRight ? null : `\`leftMs\` of a lease of ${LEASE_MS} ms is ${first.leftMs}, and 20 ms later ${second.leftMs}`;
}

async function endsInTime(scene: Scene): Promise<string | null> {
  await lend(scene, SHORT_MS);
  return (await waitForEnd(scene)) ? difference('the row', contentOf(await readRow(scene)), FREE) : `a lease of ${SHORT_MS} ms is still there after ${20 * SHORT_MS} ms`;
}

async function extendsOwn(scene: Scene): Promise<string | null> {
  await lend(scene, LEASE_MS / 2);
  const isExtended = await scene.other.extend(scene.key, 'owner-1', LEASE_MS);
  const row = await readRow(scene);
  const problem = difference('the result', isExtended, true) ?? difference('the row', contentOf(row), LEASED);
  if (problem) return problem;
  const leftMs = row?.lease?.leftMs ?? 0;
  return leftMs > LEASE_MS / 2 && leftMs <= LEASE_MS ? null : `\`leftMs\` is ${leftMs} after \`extend\` by ${LEASE_MS} ms`;
}

async function extendsNoForeign(scene: Scene): Promise<string | null> {
  await lend(scene, LEASE_MS / 2);
  const results = [await scene.store.extend(scene.key, 'owner-2', LEASE_MS), await scene.store.extend(scene.key, 'owner-2', 0)];
  const row = await readRow(scene);
  const isLonger = (row?.lease?.leftMs ?? 0) > LEASE_MS / 2;
  return difference('the results', results, [false, false]) ?? difference('the row', contentOf(row), LEASED) ?? (isLonger ? 'the lease lasts longer' : null);
}

async function givesBack(scene: Scene): Promise<string | null> {
  await lend(scene);
  const results = [await scene.store.extend(scene.key, 'owner-1', 0), await scene.store.extend(scene.key, 'owner-1', LEASE_MS), await scene.store.extend(scene.key, 'owner-1', 0)];
  return difference('the results', results, [true, false, false]) ?? difference('the row', contentOf(await readRow(scene)), FREE);
}

async function revivesNoLease(scene: Scene): Promise<string | null> {
  await lend(scene, SHORT_MS);
  await scene.wait(2 * SHORT_MS); // Nothing reads the row meanwhile, because a read could clear the lease.
  const isExtended = await scene.store.extend(scene.key, 'owner-1', LEASE_MS);
  return difference('the result', isExtended, false) ?? difference('the row', contentOf(await readRow(scene)), FREE);
}

async function extendsNothing(scene: Scene): Promise<string | null> {
  const withoutRow = await scene.store.extend(scene.key, 'owner-1', LEASE_MS);
  await scene.store.insert(scene.key, newRow());
  const withoutLease = await scene.store.extend(scene.key, 'owner-1', LEASE_MS);
  return difference('the results', [withoutRow, withoutLease], [false, false]) ?? difference('the row', contentOf(await readRow(scene)), { text: 'the first text', etag: 'etag-1', owner: null });
}

async function protectsNewOwner(scene: Scene): Promise<string | null> {
  await lend(scene, SHORT_MS);
  if (!(await waitForEnd(scene))) return 'the lease does not end';
  await scene.other.replace(scene.key, 'etag-2', nextRow('etag-3', { lease: leaseOf('owner-2') }));
  const results = [await scene.store.extend(scene.key, 'owner-1', LEASE_MS), await scene.store.extend(scene.key, 'owner-1', 0)];
  return difference('the results', results, [false, false]) ?? difference('the row', contentOf(await readRow(scene)), { text: 'the text of etag-3', etag: 'etag-3', owner: 'owner-2' });
}
