// The modules that an app imports, each with the limits of the real one. The keychain is a file, so that it survives the process.
import { randomUUID as nodeRandomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

const file = process.argv[4] ?? '';
/** The write at which the process is killed, from 1. */
let writesLeft = Number(process.argv[5] ?? Infinity);
const values = (): Record<string, string> => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {});

function store(change: (all: Record<string, string>) => void): Promise<void> {
  if (--writesLeft === 0) process.exit(1);
  const all = values();
  change(all);
  writeFileSync(file, JSON.stringify(all));
  return Promise.resolve();
}

function checkName(name: string): void {
  if (!/^[\w.-]+$/.test(name)) throw new Error(`Invalid key: ${name}`);
}

export async function getItemAsync(name: string): Promise<string | null> {
  checkName(name);
  await setImmediate(); // A keychain does not answer in the same turn.
  return values()[name] ?? null;
}

export async function setItemAsync(name: string, value: string): Promise<void> {
  checkName(name);
  if (Buffer.byteLength(value) > 2048) throw new Error('Value is larger than 2048 bytes');
  await store((all) => (all[name] = value));
}

export async function deleteItemAsync(name: string): Promise<void> {
  checkName(name);
  await store((all) => delete all[name]);
}

export const randomUUID = () => nodeRandomUUID();

type State = 'active' | 'background';
const listeners = new Set<(state: State) => void>();

export const AppState = {
  addEventListener(_type: 'change', listener: (state: State) => void) {
    listeners.add(listener);
    return { remove: () => listeners.delete(listener) };
  },
};

/** Brings the app to the foreground or the background. */
export const setAppState = (state: State) => listeners.forEach((listener) => listener(state));
