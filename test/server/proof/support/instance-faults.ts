import type { Random } from '../../../../bench/fleet/random.ts';
import { delay } from '../../support/until.ts';
import type { Fleet, Instance } from './fleet.ts';
import type { Proof } from './proof-store.ts';
import { pick } from './storm.ts';
import { STEPS, type Fault } from './types.ts';

/** Longer than a lease, ms. */
const PAUSE_MS = 8000;

/** The longest time between two kills at any moment, ms. */
const GAP_MS = 400;

/** What a fault can use while a storm is running. */
export interface Scene {
  readonly fleet: Fleet;
  readonly random: Random;
  /** How many sessions there are. */
  readonly sessions: number;
  /** Whether the storm is over. */
  readonly isOver: () => boolean;
  readonly note: (fault: Fault) => void;
}

/** Lets a fault happen, again and again, until the storm is over. It resolves when all is well again. */
export type Inject = (scene: Scene, store: Proof) => Promise<void>;

/** Kills one instance after the other at a drawn step of a refresh. */
export const killed: Inject = async ({ fleet, random, isOver, note }) => {
  do {
    const instance = pick(random, fleet.instances);
    await instance.stopAt({ step: pick(random, STEPS), signal: 'SIGKILL' });
    const from = await stopped(instance, isOver);
    await kill(instance, from ?? Date.now(), note);
  } while (!isOver());
};

/** Kills one instance after the other at any moment. */
export const restarted: Inject = async ({ fleet, random, isOver, note }) => {
  do {
    await delay(random() * GAP_MS);
    await kill(pick(random, fleet.instances), Date.now(), note);
  } while (!isOver());
};

async function kill(instance: Instance, from: number, note: Scene['note']): Promise<void> {
  instance.kill('SIGKILL');
  await instance.restart();
  note({ kind: 'killed', instance: instance.name, from, to: Date.now() });
}

/** Pauses two instances at a drawn step of a refresh, longer than a lease lasts. */
export const paused: Inject = async ({ fleet, random, isOver, note }) => {
  const count = Math.min(2, fleet.instances.length - 1);
  const first = Math.floor(random() * fleet.instances.length);
  const victims = Array.from({ length: count }, (_, index) => fleet.instances[(first + index) % fleet.instances.length] as Instance);
  await Promise.all(victims.map(async (instance) => {
    do {
      await instance.stopAt({ step: pick(random, STEPS), signal: 'SIGSTOP' });
      const from = await stopped(instance, isOver);
      if (from === null) return goOn(instance);
      await delay(PAUSE_MS);
      note({ kind: 'paused', instance: instance.name, from, to: Date.now() });
      instance.kill('SIGCONT');
    } while (!isOver());
  }));
};

/** Takes a breakpoint back. The instance may reach it before it has read that. */
async function goOn(instance: Instance): Promise<void> {
  let isDone = false;
  const done = instance.stopAt(null).finally(() => (isDone = true));
  do {
    instance.kill('SIGCONT');
    await Promise.race([done, delay(100)]);
  } while (!isDone);
}

/** Replaces the process of each instance in turn. Each answers the requests in flight first, so this costs no session. */
export const deployed: Inject = async ({ fleet, isOver }) => {
  do {
    for (const instance of fleet.instances) {
      await instance.end();
      await instance.restart();
    }
  } while (!isOver());
};

/** Resolves to the time of the breakpoint; `null` if the storm was over first. */
async function stopped(instance: Instance, isOver: () => boolean): Promise<number | null> {
  if (!(await instance.untilStopped(isOver))) return null;
  return (await instance.journal()).findLast(({ step }) => step === 'break')?.at ?? null;
}
