import { randomBytes } from 'node:crypto';
import { DemoProblem } from '../server/demo-problem.ts';
import { buildInstance, type InstanceBuild } from './instance-build.ts';
import { createInstanceProcess, type InstanceProcess, type InstanceState } from './instance-process.ts';

/** All instances as the page shows them. */
export interface FleetState {
  /** The time of the demo, epoch ms. */
  readonly now: number;
  readonly store: 'file' | 'redis';
  readonly instances: readonly InstanceState[];
}

/** The instances of the server. */
export interface Fleet {
  /**
   * Starts both instances.
   *
   * @throws DemoProblem when one cannot be started; nothing is left running then
   */
  readonly start: (apiUrl: string) => Promise<void>;
  readonly state: () => FleetState;
  /** Returns an instance that can take a request: the one with the fewest in flight, in turns. `null` if there is none. */
  readonly choose: (tried: ReadonlySet<InstanceProcess>) => InstanceProcess | null;
  /** Kills an instance; throws a RangeError if there is none with this number. */
  readonly kill: (number: unknown) => void;
  readonly close: () => Promise<void>;
}

/** Creates the instances, which share the sessions in Redis or in a directory of their own. */
export function createFleet({ appKey, redisUrl }: { readonly appKey: string; readonly redisUrl: string | null }): Fleet {
  let instances: readonly InstanceProcess[] = [];
  let built: InstanceBuild | null = null;
  let turn = 0;

  async function close(): Promise<void> {
    await Promise.all(instances.map((instance) => instance.close()));
    await built?.remove();
  }

  return {
    async start(apiUrl) {
      const [secret, prefix] = [randomBytes(32).toString('base64url'), `bonfire-${randomBytes(6).toString('hex')}:`];
      const { script, sessions } = (built = await buildInstance());
      instances = [1, 2].map((number) => createInstanceProcess(number, script, { apiUrl, appKey, secret, prefix, directory: sessions, redisUrl }));
      const started = await Promise.allSettled(instances.map((instance) => instance.start()));
      const failed = started.find((result) => result.status === 'rejected');
      if (!failed) return;
      await close();
      throw new DemoProblem((failed.reason as Error).message);
    },
    state: () => ({ now: Date.now(), store: redisUrl === null ? 'file' : 'redis', instances: instances.map((instance) => instance.state()) }),
    choose(tried) {
      turn += 1;
      const inTurn = instances.map((_, index) => instances[(index + turn) % instances.length]).filter((instance) => instance !== undefined);
      const [first = null, ...others] = inTurn.filter((instance) => instance.port() !== null && !tried.has(instance));
      return others.reduce((best, other) => (best && other.load() < best.load() ? other : best), first);
    },
    kill(number) {
      const instance = instances.find((one) => one.state().number === number);
      if (!instance) throw new RangeError('`number` must be 1 or 2.');
      instance.kill();
    },
    close,
  };
}
