import { setTimeout as pause } from 'node:timers/promises';
import { patience } from '../../support/pace.ts';
import type { EngineTab } from '../engines/engine.ts';
import type { Harness } from '../harness/harness.ts';

const PATIENCE_MS = patience(40_000);
const POLL_MS = 20;

/** A real tab with the harness page in it. */
export interface HarnessTab {
  /** Calls a function of the harness page. Rejects with the function's name if it takes too long. */
  readonly ask: <N extends keyof Harness>(name: N, ...args: Parameters<Harness[N]>) => Promise<Awaited<ReturnType<Harness[N]>>>;
  /** Waits until the page is loaded. If `before` is given, waits for another load than that one. */
  readonly untilLoaded: (before?: string) => Promise<string>;
  /** Waits until an expression is true, even if the page is reloaded meanwhile. */
  readonly until: (expression: string) => Promise<void>;
  /** Follows a link to another page of this server. */
  readonly goTo: (path: string) => Promise<void>;
  readonly goBack: (path: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Connects to the harness in a tab. */
export function harnessTab(tab: EngineTab): HarnessTab {
  const until = async (expression: string) => {
    const deadline = performance.now() + PATIENCE_MS;
    // A page that is being left or loaded cannot be evaluated.
    while (!(await tab.evaluate(`Boolean(${expression})`).catch(() => false))) {
      if (performance.now() > deadline) throw new Error(`${expression} was not true within ${PATIENCE_MS} ms.`);
      await pause(POLL_MS);
    }
  };
  const leave = async (step: string, path: string) => {
    await tab.evaluate(`void (${step})`).catch(() => undefined); // The page may be gone before it answers.
    await until(`location.pathname === '${path}'`);
  };
  const ask: HarnessTab['ask'] = async (name, ...args) => {
    const answer = tab.evaluate(`window.harness.${name}(...${JSON.stringify(args)})`);
    return (await inTime(name, answer)) as never;
  };
  return {
    ask,
    until,
    untilLoaded: async (before = '') => {
      await until(`window.harness && window.harness.loadId() !== ${JSON.stringify(before)}`);
      return ask('loadId');
    },
    goTo: (path) => leave(`location.href = '${path}'`, path),
    goBack: (path) => leave('history.back()', path),
    close: tab.close,
  };
}

async function inTime<T>(name: string, work: Promise<T>): Promise<T> {
  const controller = new AbortController();
  const late = pause(PATIENCE_MS, undefined, { signal: controller.signal }).then(() => {
    throw new Error(`The page did not finish ${name} within ${PATIENCE_MS} ms.`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    controller.abort();
    late.catch(() => undefined);
  }
}
