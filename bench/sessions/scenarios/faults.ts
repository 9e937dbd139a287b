import { setTimeout as wait } from 'node:timers/promises';
import type { CookieJar } from '../browser/jar.ts';
import type { Instance } from '../instances/instances.ts';
import { tally, times, verdictOf, type Bench } from './bench.ts';
import type { Cells } from './burst.ts';

type Scene = (bench: Bench, instances: readonly [Instance, Instance]) => Promise<string>;

/** How long the access token has expired, ms. */
const EXPIRED_MS = 1500;

const SCENES: Readonly<Record<string, Scene>> = {
  'sign-out': signOutDuringRefresh,
  'outage-good': (bench, instances) => outage(bench, instances, 'good'),
  'outage-expired': (bench, instances) => outage(bench, instances, 'expired'),
  'lost-answer': lostAnswer,
  'late-answer': lateAnswer,
};

/** What a peer does in each fault, with two instances. */
export async function measureFaults(bench: Bench, peer: string, rounds: number): Promise<Cells> {
  const [first, second] = await bench.instances(peer, 2);
  if (!first || !second) throw new Error('Two instances did not start.');
  const cells: Record<string, string> = {};
  for (const [key, scene] of Object.entries(SCENES)) {
    const verdicts = await times(rounds, async () => {
      await bench.reset();
      return scene(bench, [first, second]);
    });
    cells[key] = tally(verdicts);
  }
  await bench.reset();
  cells['cookie'] = await cookieSize(bench, first);
  await Promise.all([first.stop(), second.stop()]);
  return cells;
}

/** The user signs out at the second instance while the first one refreshes. */
async function signOutDuringRefresh(bench: Bench, [first, second]: readonly [Instance, Instance]): Promise<string> {
  const jar = await bench.signIn(first);
  const [names, before] = [jar.names(), jar.copy()];
  await bench.passUntil(-EXPIRED_MS, [first, second]);
  const { behaviour, counts } = bench.authority.sessions;
  const gate = createGate();
  behaviour.refreshGate = gate.promise;
  const running = bench.call(first, jar);
  await until(() => counts.refreshes > 0);
  const signedOut = bench.browser.call(second.port, '/logout', jar, 'POST');
  await Promise.race([signedOut, wait(1500)]); // A sign-out that refreshes first waits for the same gate.
  gate.open();
  await Promise.all([running, signedOut]);
  const hasCookie = jar.names().some((name) => names.includes(name));
  if ((await bench.call(second, jar)).status === 200) return 'back';
  if (hasCookie) return 'cookie back';
  return (await bench.call(second, before)).status === 200 ? 'the old cookie works' : 'stays out';
}

/** The token endpoint answers 503 for 2 s. A call is sent every 250 ms, and the next one waits for its answer. */
async function outage(bench: Bench, [first, second]: readonly [Instance, Instance], token: 'good' | 'expired'): Promise<string> {
  const jar = await bench.signIn(first, token === 'good' ? 20_000 : undefined);
  const goodMs = bench.takesRealTime ? 4500 : 30_000;
  await bench.passUntil(token === 'good' ? goodMs : -EXPIRED_MS, [first, second]);
  const { behaviour, counts } = bench.authority.sessions;
  behaviour.isDown = true;
  const over = wait(2000).then(() => {
    behaviour.isDown = false;
  });
  const verdicts = new Set<string>();
  while (behaviour.isDown) {
    const { unavailable } = counts;
    const verdict = verdictOf(await bench.call(first, jar));
    // A call whose refresh came after the outage says nothing about it.
    if (behaviour.isDown || counts.unavailable > unavailable) verdicts.add(verdict);
    await wait(250);
  }
  await over;
  const after = verdictOf(await bench.call(first, jar));
  const during = [...verdicts].join(' or ');
  return after === 'ok' ? during : `${during}, then ${after}`;
}

/** The server refreshes, but its answer is lost. It accepts the old refresh token for 10 s more. */
async function lostAnswer(bench: Bench, [first, second]: readonly [Instance, Instance]): Promise<string> {
  const jar = await bench.signIn(first);
  await bench.passUntil(-EXPIRED_MS, [first, second]);
  Object.assign(bench.authority.sessions.behaviour, { graceMs: 10_000, answersToLose: 1 });
  await bench.call(first, jar);
  for (let tries = 0; tries < 3; tries += 1) {
    await wait(300);
    if ((await bench.call(second, jar)).status === 200) return 'lives';
  }
  return 'lost';
}

/** A slow answer begins before the access token expires, and arrives after another request has refreshed. */
async function lateAnswer(bench: Bench, [first, second]: readonly [Instance, Instance]): Promise<string> {
  const jar = await bench.signIn(first);
  const { behaviour, counts } = bench.authority.sessions;
  const gate = createGate();
  behaviour.slowGate = gate.promise;
  const slow = bench.call(first, jar, '/call?slow');
  await until(() => counts.slowCalls > 0);
  await bench.passUntil(-EXPIRED_MS, [first, second]);
  const renewed = await bench.call(second, jar);
  const cookies = jar.header();
  gate.open();
  await slow;
  const isOverwritten = jar.header() !== cookies;
  const lives = renewed.status === 200 && (await bench.call(second, jar)).status === 200;
  if (!lives) return isOverwritten ? 'yes, session lost' : 'no, but session lost';
  return isOverwritten ? 'yes, session lives' : 'no';
}

/** The bytes of the cookies that the browser sends, with an access token of 2.5 kB and a refresh token of 1 kB. */
async function cookieSize(bench: Bench, instance: Instance): Promise<string> {
  Object.assign(bench.authority.sessions.behaviour, { accessTokenBytes: 2500, refreshTokenBytes: 1000 });
  let jar: CookieJar;
  try {
    jar = await bench.trySignIn(instance);
  } catch {
    return 'the sign-in fails';
  }
  const { status } = await bench.call(instance, jar);
  if (status !== 200) return jar.refused.size > 0 ? 'cookie refused' : `the call fails (${status})`;
  const count = jar.names().length;
  const bytes = jar.header().length;
  return `${bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`}${count > 1 ? ` in ${count} cookies` : ''}`;
}

function createGate(): { readonly promise: Promise<void>; readonly open: () => void } {
  let open = () => undefined as void;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open: () => open() };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; !isTrue(); tries += 1) {
    if (tries > 1000) throw new Error('The request did not reach the server within 10 s.');
    await wait(10);
  }
}
