import { browserPlatform } from 'unexpired/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCookieSetup } from '../support/cookie-setup.ts';
import { rejection } from '../support/setup.ts';

const WAIT_MS = 36_000;

interface Request {
  readonly clientId: string;
  readonly grant: () => void;
}

/** Web Locks of several tabs, as far as a platform uses them. */
function createLockManagers() {
  const queues = new Map<string, Request[]>();
  const leave = (queue: Request[], request: Request) => {
    const index = queue.indexOf(request);
    if (index >= 0) queue.splice(index, 1);
    if (index === 0) queue[0]?.grant();
  };
  return (clientId: string) => ({
    query: () => Promise.resolve({ held: [...queues].flatMap(([name, [first]]) => (first ? [{ name, clientId: first.clientId }] : [])) }),
    request: (name: string, { signal }: LockOptions, task: () => Promise<unknown>) => {
      const queue = queues.get(name) ?? [];
      queues.set(name, queue);
      return new Promise((resolve, reject) => {
        let isGranted = false;
        const grant = () => {
          isGranted = true;
          resolve(Promise.resolve().then(task).finally(() => leave(queue, request)));
        };
        const request: Request = { clientId, grant };
        signal?.addEventListener('abort', () => {
          if (isGranted) return;
          leave(queue, request);
          reject(signal.reason as Error);
        });
        queue.push(request);
        if (queue[0] === request) grant();
      });
    },
  });
}

function openTabs(count: number) {
  const managerOf = createLockManagers();
  return Array.from({ length: count }, (_, index) => {
    vi.stubGlobal('navigator', { locks: managerOf(`tab-${index}`) });
    return browserPlatform().locks!;
  });
}

describe('a lock of the browser', () => {
  let running = 0;
  let most = 0;
  beforeEach(() => {
    vi.useFakeTimers();
    [running, most] = [0, 0];
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const taskOf = (ms: number) => async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, ms));
    running--;
  };

  it('is waited for as long as its holders change', async () => {
    const holds = openTabs(4).map(({ hold }) => hold('a', WAIT_MS, taskOf(20_000)));
    await vi.advanceTimersByTimeAsync(80_000);
    await Promise.all(holds);
    expect(most).toBe(1);
  });

  it('is taken over when one holder has had it for the whole wait', async () => {
    const [frozen, waiting] = openTabs(2);
    void frozen!.hold('a', WAIT_MS, () => new Promise(() => undefined));
    const done = vi.fn(taskOf(0));
    void waiting!.hold('a', WAIT_MS, done);
    await vi.advanceTimersByTimeAsync(WAIT_MS - 1);
    expect(done).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toHaveBeenCalledOnce();
  });

  it('is not used beside a tab that has taken it over, when its former holder resumes', async () => {
    const [frozen, taking, next] = openTabs(3);
    let thaw = () => undefined as void;
    void frozen!.hold('a', WAIT_MS, () => new Promise<void>((resolve) => (thaw = resolve)));
    const taken = taking!.hold('a', WAIT_MS, taskOf(20_000));
    await vi.advanceTimersByTimeAsync(WAIT_MS + 1000);
    const held = next!.hold('a', WAIT_MS, taskOf(1000));
    thaw();
    await vi.advanceTimersByTimeAsync(30_000);
    await Promise.all([taken, held]);
    expect(most).toBe(1);
  });

  it('is taken over after one wait in a browser that does not list its locks', async () => {
    const [frozen, waiting] = openTabs(2);
    void frozen!.hold('a', WAIT_MS, () => new Promise(() => undefined));
    vi.stubGlobal('navigator', { locks: { ...createLockManagers()('none'), query: () => Promise.reject(new Error('no')) } });
    const done = vi.fn(taskOf(0));
    void waiting!.hold('a', WAIT_MS, done);
    await vi.advanceTimersByTimeAsync(WAIT_MS);
    expect(done).toHaveBeenCalledOnce();
  });
});

it.each([
  ['of three tabs', [0, 1, 2]],
  ['of which two are of one tab', [0, 0, 1]],
])('three sign-ins with a cookie, %s, run one after the other, although the last one waits 40 s', async (_, order) => {
  const { world, open } = createCookieSetup();
  const tabs = [open(), open(), open()];
  await world.until(Promise.all(tabs.map(({ auth }) => auth.ready())));
  await world.advance(10); // No tab has the lock now.
  let running = 0;
  let most = 0;
  const signIns = order.map((index) => tabs[index]!).map(({ tab, auth }) => rejection(auth.signIn(async () => {
    most = Math.max(most, ++running);
    await new Promise<void>((resolve) => void tab.platform.setTimer(resolve, 20_000));
    running--;
    throw new Error('The user has closed the pop-up.');
  })));
  await world.until(Promise.all(signIns));
  expect(most).toBe(1);
});
