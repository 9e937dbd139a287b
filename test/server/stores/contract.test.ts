import { checkStoreContract, type SessionRow, type SessionStore } from 'unexpired/server/testing';
import { describe, expect, it } from 'vitest';
import { LEASE_RULES } from '../../../src/server/contract-of-leases.ts';
import { LIFE_RULES } from '../../../src/server/contract-of-lives.ts';
import { WATCH_RULES } from '../../../src/server/contract-of-watch.ts';
import { WRITE_RULES } from '../../../src/server/contract-of-writes.ts';
import { memory } from '../../../src/server/memory.ts';

type Break = (working: SessionStore) => Partial<SessionStore>;

const rejected = async () => {
  throw new Error('refused');
};
const NONE = { isDone: false, row: null } as const;
const changed = (read: SessionStore['read'], change: (row: SessionRow) => SessionRow | null): Partial<SessionStore> => ({
  read: async (key, idleMs) => {
    const row = await read(key, idleMs);
    return row && change(row);
  },
});

/** A store that keeps what the rule needs in a place of its own, beside the working store. */
const DEFECTS: readonly (readonly [defect: string, sentence: string, build: Break])[] = [
  ['no name', 'A store has a name.', () => ({ name: '' })],
  ['undefined for a missing row', '`read` resolves to null', ({ read }) => ({ read: async (key, idleMs) => (await read(key, idleMs)) ?? (undefined as never) })],
  ['a row without its text', '`insert` adds a row', ({ read }) => changed(read, (row) => ({ ...row, text: '' }))],
  ['long texts that are cut', 'A text is kept unchanged', ({ read }) => changed(read, (row) => ({ ...row, text: row.text.slice(0, 65_535) }))],
  ['a clock in seconds', 'Each row has the time', ({ read }) => changed(read, (row) => ({ ...row, at: Math.round(row.at / 1000) }))],
  ['a clock that stands', 'Each row has the time', ({ read, replace }) => ({ ...changed(read, (row) => ({ ...row, at: 1_800_000_000_000 })), replace: async (...args) => {
    const write = await replace(...args);
    return write.isDone || !write.row ? write : { isDone: false, row: { ...write.row, at: 1_800_000_000_000 } };
  } })],
  ['a second insert that is ignored', '`insert` rejects if', ({ insert }) => ({ insert: (key, row) => insert(key, row).catch(() => undefined) })],
  ['a check before an insert that is not atomic', 'Of 10 calls of `insert`', ({ insert, read, remove }) => ({ insert: async (key, row) => {
    if (await read(key, row.idleMs)) throw new Error('exists');
    await new Promise((resolve) => setTimeout(resolve, 1));
    const current = await read(key, row.idleMs);
    if (current) await remove(key, current.etag);
    await insert(key, row);
  } })],
  ['a replace that drops the lease', '`replace` writes the text', ({ replace }) => ({ replace: (key, ifMatch, next) => replace(key, ifMatch, { ...next, lease: null }) })],
  ['a replace that ignores the etag', '`replace` writes nothing if', ({ replace, read }) => ({ replace: async (key, _, next) => {
    const row = await read(key, 60_000);
    return row ? replace(key, row.etag, next) : NONE;
  } })],
  ['a conflict without the row', '`replace` writes nothing if', ({ replace }) => ({ replace: async (...args) => ((await replace(...args)).isDone ? { isDone: true } : NONE) })],
  ['a replace that adds a row', '`replace` writes no row', ({ replace, read, insert }) => ({ replace: async (key, ifMatch, next) => {
    if (!(await read(key, 60_000))) await insert(key, { ...next, etag: ifMatch, subject: null, idleMs: 60_000, absoluteMs: 60_000 });
    return replace(key, ifMatch, next);
  } })],
  ['a compare and a write that are two steps', 'Of 50 calls of `replace`', ({ replace, read }) => ({ replace: async (key, ifMatch, next) => {
    const row = await read(key, 60_000);
    if (row?.etag !== ifMatch) return { isDone: false, row };
    await new Promise((resolve) => setTimeout(resolve, 1));
    const current = await read(key, 60_000);
    return current ? replace(key, current.etag, next) : NONE;
  } })],
  ['a remove that leaves the row', '`remove` removes a row', () => ({ remove: async () => ({ isDone: true }) })],
  ['a remove that ignores the etag', '`remove` keeps a row', ({ remove, read }) => ({ remove: async (key) => remove(key, (await read(key, 60_000))?.etag ?? '') })],
  ['a remove that compares too early', 'Of a `remove` and 20 calls', ({ remove, read }) => ({ remove: async (key, ifMatch) => {
    const row = await read(key, 60_000);
    if (row?.etag !== ifMatch) return { isDone: false, row };
    await new Promise((resolve) => setTimeout(resolve, 1));
    const current = await read(key, 60_000);
    return current ? remove(key, current.etag) : NONE;
  } })],
  ['one lease for all sessions', 'A write to one session', ({ extend }) => ({ extend: async (key, owner, leaseMs) => (await extend(key, owner, leaseMs)) || key.length > 0 })],
  ['a lease that does not count down', 'A lease has an owner', ({ read }) => changed(read, (row) => ({ ...row, lease: row.lease && { ...row.lease, leftMs: 30_000 } }))],
  ['a lease that does not end', 'A lease ends by itself', ({ replace }) => ({ replace: (key, ifMatch, next) => replace(key, ifMatch, { ...next, lease: next.lease && { ...next.lease, leftMs: 60_000 } }) })],
  ['an extend that does nothing', '`extend` lets a lease of its owner', ({ read }) => ({ extend: async (key, owner) => (await read(key, 60_000))?.lease?.owner === owner })],
  ['an extend by any owner', '`extend` by another owner', ({ extend, read }) => ({ extend: async (key, _, leaseMs) => extend(key, (await read(key, 60_000))?.lease?.owner ?? '', leaseMs) })],
  ['a lease that cannot be given back', '`extend` by 0 ms', ({ extend }) => ({ extend: (key, owner, leaseMs) => extend(key, owner, leaseMs || 30_000) })],
  ['an extend that revives an ended lease', '`extend` after the end', reviving],
  ['an extend that resolves to true without a lease', '`extend` resolves to false if there is no lease', ({ extend }) => ({ extend: async (...args) => (await extend(...args)) || true })],
  ['a former owner that can extend', 'If one instance takes a lease', ({ extend, read }) => ({ extend: async (key, _, leaseMs) => extend(key, (await read(key, 60_000))?.lease?.owner ?? '', leaseMs) })],
  ['a row that does not end when it is idle', 'A row is over if', ({ insert }) => ({ insert: (key, row) => insert(key, { ...row, idleMs: row.absoluteMs }) })],
  ['a read that does not extend the life', '`read` lets a row live', ({ read, insert }) => {
    const ends = new Map<string, number>();
    return {
      insert: (key, row) => (ends.set(key, performance.now() + row.idleMs), insert(key, row)),
      read: async (key, idleMs) => (performance.now() < (ends.get(key) ?? 0) ? read(key, idleMs) : null),
    };
  }],
  ['a row without an absolute end', 'No `read` lets a row live', ({ insert }) => ({ insert: (key, row) => insert(key, { ...row, absoluteMs: 60_000 }) })],
  ['a write that counts as a read', '`replace` and `extend` do not', ({ replace, read }) => ({ replace: async (...args) => {
    await read(args[0], 60_000);
    return replace(...args);
  } })],
  ['a list without keys', '`list` returns the sessions', ({ list }) => ({ list: async (subject) => (await list(subject)).map((entry) => ({ ...entry, key: '' })) })],
  ['a list with sessions that have ended', '`list` leaves out', ({ replace }) => ({ replace: (key, ifMatch, next) => replace(key, ifMatch, { ...next, isEnded: false }) })],
  ['a list without the time of the last use', '`list` has the times', ({ list }) => ({ list: async (subject) => (await list(subject)).map((entry) => ({ ...entry, usedAt: entry.createdAt })) })],
  ['a silent watch when a lease is given back', '`watch` calls back after a lease', ({ extend }) => ({ watch: silent, extend })],
  ['a silent watch when a row is removed', '`watch` calls back after the row is removed', () => ({ watch: silent })],
  ['a silent watch when a row is replaced', '`watch` calls back after the row is replaced', () => ({ watch: silent })],
  ['a watch without a release', '`watch` calls back no more', ({ watch }) => ({ watch: (key, onChange) => (watch?.(key, onChange), () => undefined) })],
  ['a close that rejects', '`close` resolves, also', () => ({ close: rejected })],
];

function silent(): () => void {
  return () => undefined;
}

/** Keeps the last owner of each row, and gives them a new lease at any time. */
function reviving({ replace, extend, read }: SessionStore): Partial<SessionStore> {
  const owners = new Map<string, string>();
  return {
    replace: (key, ifMatch, next) => (next.lease && owners.set(key, next.lease.owner), replace(key, ifMatch, next)),
    extend: async (key, owner, leaseMs) => {
      const row = await read(key, 60_000);
      if (row && !row.lease && leaseMs > 0 && owners.get(key) === owner) return (await replace(key, row.etag, { ...row, lease: { owner, leftMs: leaseMs }, isEnded: false })).isDone;
      return extend(key, owner, leaseMs);
    },
  };
}

describe.concurrent('checkStoreContract reports', () => {
  it.each(DEFECTS)('%s', async (_, sentence, build) => {
    const working = memory();
    const broken = { ...working, ...build(working) };
    const error = await checkStoreContract(() => broken).then(() => null, (reason: Error) => reason);
    expect(error?.message.split('\n')).toContainEqual(expect.stringMatching(new RegExp(`^- ${sentence.replaceAll(/[.*]/g, '\\$&')}`)));
  });

  it('stores that do not have the same rows', async () => {
    await expect(checkStoreContract(() => memory())).rejects.toThrow('- Two stores of `createStore` have the same rows.');
  });

  it('a close that disturbs the other store', async () => {
    const working = memory();
    let isOpen = true;
    const build = () => ({ ...working, insert: (...args: Parameters<SessionStore['insert']>) => (isOpen ? working.insert(...args) : rejected()), close: async () => void (isOpen = false) });
    await expect(checkStoreContract(build)).rejects.toThrow('leaves the other store open. Found: it has rejected: Error: refused.');
  });

  it('each rule that a store breaks, in one error', async () => {
    const broken = { ...memory(), name: 'own', extend: async () => true, list: rejected };
    await expect(checkStoreContract(() => broken)).rejects.toThrow(/^The store "own" breaks its contract:\n(?:- [^\n]+ Found: [^\n]+\.\n?){8,}$/);
  });
});

it('checkStoreContract accepts a store without `watch`', async () => {
  const { watch: _, ...store } = memory();
  await checkStoreContract(() => store);
});

it('checkStoreContract rejects with `invalid_config` if it gets no function', async () => {
  await expect(checkStoreContract(memory() as never)).rejects.toMatchObject({ code: 'invalid_config', field: 'createStore' });
});

it('each rule of the contract has a defect that breaks it', () => {
  const rules = [...WRITE_RULES, ...LEASE_RULES, ...LIFE_RULES, ...WATCH_RULES].map(([sentence]) => sentence);
  const withDefect = ['Two stores of `createStore`', ...DEFECTS.map(([, sentence]) => sentence)];
  expect(rules.filter((sentence) => !withDefect.some((start) => sentence.startsWith(start)))).toEqual([]);
});
