import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** How many versions of a text stay at least. A writer that was paused meanwhile finds that its place is taken. */
const KEPT = 16;

/** How often a step is tried again because of another process. */
const MOST_TRIES = 500;

/** A version of the text of one folder. */
export interface Version {
  readonly number: number;
  readonly text: string;
}

/** Each folder has the versions of one text, as files whose names are numbers. The highest is the one that counts. */
export interface FileVersions {
  /** Returns the version that counts, or `null` if there is no such folder. */
  readonly latest: (folder: string) => Promise<Version | null>;
  /** Creates a folder with its first version. Resolves to false if there is one. */
  readonly create: (folder: string, first: Version) => Promise<boolean>;
  /** Writes the version after `former`. Resolves to false if another process has done that, or the folder is gone. */
  readonly add: (folder: string, former: number, text: string) => Promise<boolean>;
  /** Removes a folder with all its versions, in one step for other processes. */
  readonly discard: (folder: string) => Promise<void>;
  /** Returns the names of all folders. */
  readonly folders: () => Promise<readonly string[]>;
  /** Removes what processes have left behind that were killed before `before`, epoch ms. */
  readonly tidy: (before: number) => Promise<void>;
}

/** What begins with this is not finished, or is being removed. */
const TEMPORARY = '.tmp-';

/** Whether an error of the file system has one of these codes. */
function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(String(Object(error).code));
}

/** Resolves to `fallback` if there is no such file or folder. */
function orIfMissing<T, F>(promise: Promise<T>, fallback: F): Promise<T | F> {
  return promise.catch((error: unknown) => {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return fallback;
    throw error;
  });
}

/**
 * Keeps texts in versions, so that processes need no lock: a hard link gets a name only if no other file has it. So exactly one
 * process writes the version after a former one, and a process that is killed or paused blocks no other.
 *
 * @param directory only its owner can read it, if it is created here
 */
export function createFileVersions(directory: string): FileVersions {
  const temporary = () => join(directory, `${TEMPORARY}${randomUUID()}`);
  const pathOf = (folder: string, number: number) => join(directory, folder, String(number));

  async function numbersIn(folder: string): Promise<number[] | null> {
    const names = await orIfMissing(readdir(join(directory, folder)), null);
    return names && names.map(Number).filter(Number.isInteger).sort((one, other) => other - one);
  }

  /** The text is on the disk before its name is, so that a crash of the machine leaves no empty version. */
  async function write(path: string, text: string): Promise<void> {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Removes in ascending order. So if a version is there, no later one has ever been removed. */
  async function removeOld(folder: string, number: number): Promise<void> {
    if (number % KEPT !== 0) return;
    const old = (await numbersIn(folder) ?? []).filter((other) => other <= number - KEPT).reverse();
    for (const other of old) await orIfMissing(unlink(pathOf(folder, other)), undefined);
  }

  async function remove(path: string): Promise<void> {
    await rm(path, { recursive: true, force: true });
  }

  return {
    async latest(folder) {
      for (let run = 0; run < MOST_TRIES; run += 1) {
        const numbers = await numbersIn(folder);
        if (!numbers) return null;
        const [number] = numbers;
        const text = number === undefined ? null : await orIfMissing(readFile(pathOf(folder, number), 'utf8'), null);
        if (number !== undefined && text !== null) return { number, text };
      }
      throw Object.assign(new Error('It changes all the time.'), { code: 'EBUSY' });
    },
    async create(folder, { number, text }) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const path = temporary();
      await mkdir(path, { mode: 0o700 });
      try {
        await write(join(path, String(number)), text);
        await rename(path, join(directory, folder));
        return true;
      } catch (error) {
        await remove(path);
        if (isCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM') && (await numbersIn(folder))) return false;
        throw error;
      }
    },
    async add(folder, former, text) {
      const [path, number] = [temporary(), former + 1];
      await write(path, text);
      try {
        await link(path, pathOf(folder, number));
      } catch (error) {
        if (isCode(error, 'EEXIST', 'ENOENT')) return false;
        throw error;
      } finally {
        await orIfMissing(unlink(path), undefined);
      }
      // If this process was paused, the place may be free because the version that had it is already removed.
      if (await orIfMissing(stat(pathOf(folder, former)), null)) {
        await removeOld(folder, number);
        return true;
      }
      await orIfMissing(unlink(pathOf(folder, number)), undefined);
      return false;
    },
    async discard(folder) {
      const path = temporary();
      await orIfMissing(rename(join(directory, folder), path), undefined);
      await remove(path);
    },
    folders: async () => ((await orIfMissing(readdir(directory), [])) as string[]).filter((name) => /^[0-9a-f]{64}$/.test(name)),
    async tidy(before) {
      const names = ((await orIfMissing(readdir(directory), [])) as string[]).filter((name) => name.startsWith(TEMPORARY));
      for (const name of names) {
        const path = join(directory, name);
        const found = await orIfMissing(stat(path), null);
        if (found && found.mtimeMs < before) await remove(path);
      }
    },
  };
}
