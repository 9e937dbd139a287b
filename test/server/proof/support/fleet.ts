import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, temporaryFolder, type ChildProgram } from '../../support/child-program.ts';
import { until } from '../../support/until.ts';
import type { Scripts } from './build.ts';
import { ENDED, type AuthEntry, type AuthSwitches, type Breakpoint, type Defect, type InstanceConfig, type JournalEntry, type StoreAddress } from './types.ts';
import { readLines, startWorker } from './worker-process.ts';

/** A server process with `createSessions`. */
export interface Instance {
  readonly name: string;
  readonly url: string;
  /** Lets it stop itself at the next such step, by a signal; `null` takes that back. */
  readonly stopAt: (breakpoint: Breakpoint | null) => Promise<void>;
  /** Waits until the breakpoint was reached, or until a condition makes that pointless. Resolves to whether it was reached. */
  readonly untilStopped: (isPointless: () => boolean) => Promise<boolean>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Starts the process again, after it has ended or been killed. */
  readonly restart: () => Promise<void>;
  /** Ends it as a deploy does: it answers the requests in flight first. */
  readonly end: () => Promise<void>;
  readonly journal: () => Promise<JournalEntry[]>;
}

/** The authorization server, and its API. */
export interface AuthServer {
  readonly set: (switches: Partial<AuthSwitches>) => Promise<void>;
  /** Revokes the access tokens of some sessions, or of all. Their refresh tokens stay. */
  readonly revokeEarly: (families?: readonly string[]) => Promise<void>;
  /** Resolves when the access tokens of some users have expired. */
  readonly untilExpired: (...users: readonly string[]) => Promise<void>;
  /** How many calls the API is answering now. */
  readonly calls: () => Promise<number>;
  readonly log: () => Promise<AuthEntry[]>;
}

/** The processes of one run. */
export interface Fleet {
  readonly instances: readonly Instance[];
  readonly auth: AuthServer;
  /** Ends all processes, by their ids. */
  readonly stop: () => Promise<void>;
}

/** What `startFleet` needs. */
export interface FleetOptions {
  readonly scripts: Scripts;
  /** The store of each instance in turn. */
  readonly stores: readonly StoreAddress[];
  readonly count: number;
  readonly defect?: Defect | null;
}

/** Starts the authorization server and some instances. If one of them does not start, all are ended. */
export async function startFleet({ scripts, stores, count, defect = null }: FleetOptions): Promise<Fleet> {
  const folder = await temporaryFolder();
  const programs = new Set<ChildProgram>();
  const stop = async () => {
    await Promise.all([...programs].map((program) => program.stop()));
    await folder.remove();
  };
  const start = async (name: string, script: string, port: number, args: readonly string[]): Promise<ChildProgram> => {
    const own = join(folder.path, name);
    await mkdir(own, { recursive: true });
    const program = await startWorker(own, script, port, args);
    programs.add(program);
    return program;
  };
  try {
    const authPort = await freePort();
    await start('auth', scripts['authorization-server'], authPort, [String(authPort)]);
    const authUrl = `http://127.0.0.1:${authPort}`;
    const instances = await Promise.all(Array.from({ length: count }, async (_, index) => {
      const [name, port] = [`i${index + 1}`, await freePort()];
      const config: InstanceConfig = { name, port, authUrl, store: stores[index % stores.length] as StoreAddress, journal: join(folder.path, `${name}.jsonl`), defect };
      return createInstance(config, async () => start(name, scripts.instance, port, [JSON.stringify(config)]));
    }));
    return { instances, auth: createAuthServer(authUrl), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function createInstance({ name, port, journal }: InstanceConfig, start: () => Promise<ChildProgram>): Promise<Instance> {
  let program = await start();
  const url = `http://127.0.0.1:${port}`;
  const read = () => readLines<JournalEntry>(journal);
  const breaks = async () => (await read()).filter(({ step }) => step === 'break').length;
  let seen = 0;
  return {
    name,
    url,
    async stopAt(breakpoint) {
      seen = await breaks();
      await post(`${url}/control/stop-at`, breakpoint);
    },
    async untilStopped(isPointless) {
      await until(`${name} to stop`, async () => isPointless() || (await breaks()) > seen);
      return (await breaks()) > seen;
    },
    kill(signal) {
      try {
        program.kill(signal);
      } catch {
        // A breakpoint has killed it already.
      }
    },
    async restart() {
      await program.stop();
      program = await start();
    },
    async end() {
      program.kill('SIGTERM');
      // It stops listening at once, and has refreshes in flight after that.
      await until(`${name} to end`, async () => (await program.output()).includes(ENDED));
    },
    journal: read,
  };
}

function createAuthServer(url: string): AuthServer {
  return {
    set: (switches) => post(`${url}/control/switches`, switches),
    revokeEarly: (names) => post(`${url}/control/revoke-early`, { names: names ?? null }),
    untilExpired: (...users) => post(`${url}/control/until-expired`, { users }),
    calls: async () => (await fetch(`${url}/control/calls`)).json() as Promise<number>,
    log: async () => (await fetch(`${url}/control/log`)).json() as Promise<AuthEntry[]>,
  };
}

async function post(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
