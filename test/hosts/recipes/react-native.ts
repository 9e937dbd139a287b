import { AppState } from 'react-native';
import { randomUUID } from 'expo-crypto';
import { deleteItemAsync, getItemAsync, setItemAsync } from 'expo-secure-store';
import { browserPlatform, type AuthStorage, type Platform, type TabLocks } from 'unexpired/core';

const queues = new Map<string, Promise<unknown>>();

/** Runs a task when the former ones of its name are over. */
function inTurn<T>(name: string, task: () => Promise<T>): Promise<T> {
  const run = (queues.get(name) ?? Promise.resolve()).then(task);
  const over = run.catch(() => undefined).then(() => void (queues.get(name) === over && queues.delete(name)));
  queues.set(name, over);
  return run;
}

/** An app is one process, so a lock is a queue in memory. A process that was killed leaves no lock behind. */
const locks: TabLocks = {
  hold: (name, _maxWaitMs, task, signal) => inTurn(name, () => (signal?.aborted ? Promise.reject(new Error('aborted')) : task())),
  isHeld: async (name) => queues.has(name),
};

/** The platform of an app: it wakes when the app comes to the foreground. */
export const reactNative = (): Platform => ({
  ...browserPlatform(),
  randomId: () => randomUUID(),
  locks,
  openChannel: null,
  onWake(listener) {
    const subscription = AppState.addEventListener('change', (state) => state === 'active' && listener('visible'));
    return () => subscription.remove();
  },
});

/**
 * Keeps the session in the keychain. A value has at most 2,048 bytes, so a text is stored in parts. The name of the
 * current parts is written last, so a process that is killed in between leaves the former text.
 */
export function secureStore(): AuthStorage {
  async function read(name: string): Promise<{ parts: readonly string[]; text: string | undefined }> {
    const parts = JSON.parse((await getItemAsync(name)) ?? '[]') as string[];
    const texts = await Promise.all(parts.map((part) => getItemAsync(part)));
    return { parts, text: texts.length > 0 ? texts.join('') : undefined };
  }

  async function update(name: string, change: (current: unknown) => unknown): Promise<void> {
    const { parts, text } = await read(name);
    const next = change(text);
    if (typeof next !== 'string' || next === text) return;
    const fresh = (next.match(/[^]{1,512}/gu) ?? ['']).map((part) => ({ name: `${name}.${randomUUID()}`, part })); // A character has at most 4 bytes.
    await Promise.all(fresh.map((each) => setItemAsync(each.name, each.part)));
    await setItemAsync(name, JSON.stringify(fresh.map((each) => each.name)));
    await Promise.all(parts.map((part) => deleteItemAsync(part)));
  }

  return {
    name: 'secureStore',
    // In turn, because a write removes the parts that a read would still need.
    read: (key) => inTurn(`access ${key}`, async () => (await read(nameOf(key))).text),
    update: (key, change) => inTurn(`access ${key}`, () => update(nameOf(key), change)),
  };
}

/** A name may contain letters, digits, `.`, `-` and `_` only. */
const nameOf = (key: string) => key.replace(/[^a-zA-Z\d-]/g, (character) => `_${character.charCodeAt(0).toString(16)}_`);
