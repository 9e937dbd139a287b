import { beforeEach, expect, it } from 'vitest';
import { createStoreWatchers, type StoreWatchers } from '../../../src/server/store-watchers.ts';

let log: string[];
let timers: Map<object, { readonly step: () => void; readonly delayMs: number; readonly isBackground: boolean | undefined }>;
let send: (key: string) => void;
let lose: () => void;
let watchers: StoreWatchers;

const platform = {
  setTimer(step: () => void, delayMs: number, isBackground?: boolean) {
    const id = {};
    timers.set(id, { step, delayMs, isBackground });
    return () => void timers.delete(id);
  },
};

function runTimers(): void {
  const due = [...timers.values()];
  timers.clear();
  for (const { step } of due) step();
}

beforeEach(() => {
  log = [];
  timers = new Map();
  watchers = createStoreWatchers(platform, (onKey, onLost) => {
    log.push('open');
    [send, lose] = [onKey, onLost];
    return { close: async () => void log.push('close') };
  });
});

it('opens one connection for all watches of a store, and calls those of the key', () => {
  const releases = ['a', 'a', 'b'].map((key) => watchers.watch(key, () => log.push(key)));
  send('a');
  releases[0]?.();
  send('a');
  send('c');
  expect(log).toEqual(['open', 'a', 'a', 'a']);
});

it('closes the connection some seconds after the last watch, by a timer that keeps no process alive', () => {
  const releases = [watchers.watch('a', () => undefined), watchers.watch('b', () => undefined)];
  releases[0]?.();
  expect(timers.size).toBe(0);
  releases[1]?.();
  releases[1]?.();
  expect([...timers.values()]).toMatchObject([{ delayMs: 5000, isBackground: true }]);
  runTimers();
  expect(log).toEqual(['open', 'close']);
});

it('keeps the connection if another watch comes in time, and opens another one if it comes later', () => {
  watchers.watch('a', () => undefined)();
  const release = watchers.watch('a', () => log.push('a'));
  expect(timers.size).toBe(0);
  send('a');
  release();
  runTimers();
  watchers.watch('a', () => undefined);
  expect(log).toEqual(['open', 'a', 'close', 'open']);
});

it('opens a lost connection again after a second if there are watches', () => {
  const release = watchers.watch('a', () => undefined);
  lose();
  expect([...timers.values()]).toMatchObject([{ delayMs: 1000, isBackground: true }]);
  runTimers();
  expect(log).toEqual(['open', 'open']);
  release();
  lose();
  runTimers();
  expect(log).toEqual(['open', 'open']);
});

it('opens no connection after `close`', async () => {
  watchers.watch('a', () => undefined);
  await watchers.close();
  await watchers.close();
  watchers.watch('b', () => undefined);
  runTimers();
  expect(log).toEqual(['open', 'close']);
});
