import type { Sessions, SessionStore } from 'unexpired/server';
import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

const MINUTE = 60_000;
const FAULTS = ['refused', 'lost', 'done, answered late', 'done late', 'done, never answered', 'never done'] as const;
type Fault = (typeof FAULTS)[number];
type Operation = 'read' | 'replace' | 'extend' | 'remove';

function call(sessions: Sessions, request: Request): Promise<number | string> {
  return sessions.of(request).then((session) => session.fetch('/posts')).then(({ status }) => status, (error: { code: string }) => error.code);
}

/** A store whose operation number `at`, from `arm` on, has a fault. */
function faulty(store: SessionStore, fault: Fault, at: number, wait: (ms: number) => Promise<void>) {
  const state = { isArmed: false, count: 0, hit: '' };
  const wrap = <N extends Operation>(name: N) => (async (...args: never[]) => {
    const run = () => (store[name] as (...given: never[]) => Promise<unknown>)(...args);
    if (!state.isArmed || state.count++ !== at) return run();
    state.hit = name;
    if (fault === 'refused') throw new Error('refused');
    if (fault === 'never done') return new Promise(() => undefined);
    if (fault === 'done late') await wait(6000);
    const result = await run();
    if (fault === 'lost') throw new Error('connection lost');
    if (fault === 'done, answered late') await wait(6000);
    return fault === 'done, never answered' ? new Promise(() => undefined) : result;
  }) as unknown as SessionStore[N];
  return { state, store: { ...store, read: wrap('read'), replace: wrap('replace'), extend: wrap('extend'), remove: wrap('remove') } };
}

/** Runs two instances, one of which has a fault in operation number `at` after its access token has expired. */
async function run(fault: Fault, at: number, latencyMs: number, alsoDo: (sessions: Sessions, request: Request) => Promise<unknown>) {
  const setup = createInstances();
  const { world, server, start } = setup;
  const timer = world.openTab().platform;
  const { state, store } = faulty(setup.store, fault, at, (ms) => new Promise((resolve) => void timer.setTimer(resolve, ms)));
  const [first, second] = [start({ store }), start()];
  const { setCookie } = await world.until(start().signIn(server.grant('ann')));
  const request = requestWith(setCookie);
  await world.advance(11 * MINUTE);
  state.isArmed = true;
  world.latencyMs = latencyMs;
  for (let round = 0; round < 4; round++) {
    for (const sessions of [first, second, first]) void call(sessions, request);
    if (round === 1) void alsoDo(first, request).catch(() => undefined);
    await world.advance(3000);
  }
  state.isArmed = false;
  await world.advance(MINUTE);
  world.latencyMs = 10;
  const answers = await world.until(Promise.all([first, second, start()].map((sessions) => call(sessions, request))));
  return { hit: state.hit, answers, sent: server.sent };
}

describe.each(FAULTS)('an operation of the store that is %s', (fault) => {
  it.each([500, 7000])('costs no session and no second refresh, whichever it is, if the token endpoint takes %d ms', async (latencyMs) => {
    for (let at = 0; ; at++) {
      const { hit, answers, sent } = await run(fault, at, latencyMs, async () => undefined);
      if (hit === '') return expect(at).toBeGreaterThan(5);
      expect({ at, hit, answers, sent }).toEqual({ at, hit, answers: [200, 200, 200], sent: ['ann-refresh-1'] });
    }
  });

  it('brings no session back after a sign-out, whichever it is', async () => {
    for (let at = 0; ; at++) {
      let isDone = false;
      const { hit, answers } = await run(fault, at, 500, async (sessions, request) => (await sessions.of(request)).signOut().then(() => void (isDone = true)));
      if (hit === '') return expect(at).toBeGreaterThan(5);
      expect({ at, hit, codes: new Set(answers).size }).toEqual({ at, hit, codes: 1 });
      if (isDone) expect({ at, hit, answer: answers[0] }).toEqual({ at, hit, answer: 'signed_out' });
    }
  });
});
