import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const STORES = ['redis', 'postgres'] as const;

/** A store whose server the tests start. */
export type StoreName = (typeof STORES)[number];

interface ServerLocation {
  readonly title: string;
  /** The programs that the tests run. They are in one folder. */
  readonly programs: readonly string[];
  /** The environment variable that names the folder. */
  readonly variable: string;
  /** Commands that install it, on Debian and on macOS. */
  readonly install: string;
}

const LOCATIONS: Readonly<Record<StoreName, ServerLocation>> = {
  redis: { title: 'Redis', programs: ['redis-server', 'redis-cli'], variable: 'REDIS_BIN', install: '`apt-get install redis-server` or `brew install redis`' },
  postgres: { title: 'Postgres', programs: ['postgres', 'initdb'], variable: 'POSTGRES_BIN', install: '`apt-get install postgresql` or `brew install postgresql`' },
};

type Env = Readonly<Record<string, string | undefined>>;

/** Debian keeps the programs of Postgres outside the PATH, one folder for each version. */
function debianFolders(): string[] {
  const root = '/usr/lib/postgresql';
  return existsSync(root) ? readdirSync(root).sort((one, other) => Number(other) - Number(one)).map((version) => join(root, version, 'bin')) : [];
}

/**
 * Finds the folder with the programs of a server.
 *
 * @param exists whether there is such a file
 * @returns `null` if they are not installed
 * @throws Error that says what to do, if STORES_REQUIRED lists the store and its programs are not installed
 */
export function findServer(store: StoreName, env: Env = process.env, exists: (path: string) => boolean = existsSync, folders = debianFolders()): string | null {
  const { programs, variable } = LOCATIONS[store];
  const named = env[variable];
  const hasAll = (folder: string) => programs.every((program) => exists(join(folder, program)));
  if (named && !hasAll(named)) throw new Error(`${variable} names ${named}, and ${programs.join(' or ')} is not there. Correct it, or unset it to let the tests look for them.`);
  const found = named || [...(env['PATH'] ?? '').split(delimiter), ...folders].find((folder) => folder !== '' && hasAll(folder));
  if (found) return found;
  if (requiredBy(env).includes(store)) throw new Error(howToGet(store));
  return null;
}

/** Says how to install a server. */
function howToGet(store: StoreName): string {
  const { title, install, variable } = LOCATIONS[store];
  return `There is no ${title}: install it by ${install}, or set ${variable} to the folder of its programs.`;
}

/** Finds a server for a test file. If it is not installed, its tests are skipped, and the message says how to install it. */
export function serverFor(store: StoreName): string | null {
  const folder = findServer(store);
  if (folder === null) console.warn(`${howToGet(store)} Its tests are skipped.`);
  return folder;
}

function requiredBy({ STORES_REQUIRED = '' }: Env): StoreName[] {
  return STORES_REQUIRED.split(',').filter((text) => text !== '').map((text) => {
    const name = STORES.find((store) => store === text.trim());
    if (name) return name;
    throw new Error(`STORES_REQUIRED must list some of ${STORES.join(', ')}, separated by commas, not ${JSON.stringify(text)}.`);
  });
}
