import { createAuthClient, inCookie, type AuthClient, type AuthSnapshot } from 'unexpired/core';
import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { setBreakpoint, untilAtBreakpoint } from './breakpoints.ts';
import { burstOutcome, seenBy, startBurst } from './calls.ts';
import { leak } from './leak.ts';
import { closeDuplicate, openDuplicate, seenByDuplicate, notifyOpener } from './duplicate.ts';
import { collectExposedText, exposedText } from './exposed-text.ts';
import type { Command, Facts, Harness, PageOptions } from './harness.ts';
import { limitIdle } from './idle.ts';
import { watchLocks } from './lock-watch.ts';
import { joinCommands } from './commands.ts';
import { STORAGES } from './storages.ts';
import { storedText } from './stored-text.ts';
import { statusOfCookie } from './raw-cookie.ts';
import { stretchDeadlines } from '../../support/stretch-deadlines.ts';
import { followWorldClock, moveClock } from './world-clock.ts';

declare global {
  interface Window {
    auth: AuthClient;
    harness: Harness;
  }
}

const CALLS_AT_LOAD = 'harness:calls-at-load';

const options = Object.fromEntries(new URLSearchParams(location.search)) as unknown as PageOptions;
const { api, tab } = options;
const key = `unexpired:${api}`;

followWorldClock();
stretchDeadlines(Number(options.stretch));
collectExposedText(key);
if (options.locks === 'off') Object.defineProperty(navigator, 'locks', { value: undefined });

const protocol = bonfire({ baseUrl: api, appKey: 'app-key', ...(options.refreshToken === 'cookie' && { refreshToken: inCookie(), signOutPath: '/sign-out' }) });
const auth = createAuthClient({ protocol, storage: STORAGES[options.storage ?? 'indexedDB'](), ...(options.accessToken && { accessToken: options.accessToken }) });
const idle = limitIdle(auth, options.idleMs);
auth.subscribe(() => undefined);

const locks = watchLocks(key);
const loadId = Math.random().toString(36).slice(2);
let returns = 0;
window.addEventListener('pageshow', (event) => (returns += event.persisted ? 1 : 0));

function run(command: Command): void {
  if (command.kind === 'sleep') moveClock(command.ms);
  else if (command.kind === 'burst') startBurst(auth, tab, command.name, command.calls);
  else reload(command.calls);
}

function reload(calls: number): void {
  sessionStorage.setItem(CALLS_AT_LOAD, String(calls));
  location.reload();
}

function facts(): Facts {
  return {
    secure: isSecureContext,
    locks: navigator.locks !== undefined,
    channel: typeof BroadcastChannel !== 'undefined',
    indexedDB: typeof globalThis.indexedDB !== 'undefined',
    hidden: document.hidden,
  };
}

function untilSeen(isWanted: (snapshot: AuthSnapshot) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      const snapshot = auth.getSnapshot();
      if (snapshot.status === 'loading' || !isWanted(snapshot)) return;
      release();
      resolve();
    };
    const release = auth.subscribe(look);
    look();
  });
}

/** Times the second of two timers, because Firefox delays timers of hidden tabs only from the second one on. */
async function timerMs(): Promise<number> {
  const timer = () => new Promise((resolve) => setTimeout(resolve, 10));
  await timer();
  const startedAt = performance.now();
  await timer();
  return performance.now() - startedAt;
}

window.auth = auth;
window.harness = {
  facts,
  loadId: () => loadId,
  seen: () => seenBy(auth),
  signIn: async (botId) => void (await auth.signIn(createBotTokens(protocol, [botId]))),
  signOut: auth.signOut,
  dispose: auth.dispose,
  untilKnown: async () => {
    await untilSeen(() => true);
    return seenBy(auth);
  },
  untilSession: (sessionId) => untilSeen((snapshot) => snapshot.sessionId === sessionId),
  statusOfCookie: () => statusOfCookie(api),
  untilUnlocked: locks.untilUnlocked,
  untilLockWanted: locks.untilWanted,
  takeLock: () => locks.take(options.refreshToken === 'cookie' ? 'cookie' : (auth.getSnapshot().sessionId ?? '')),
  freeLock: locks.free,
  setBreakpoint: (breakpoint) => setBreakpoint(breakpoint, `${api}/oauth`, key),
  untilAtBreakpoint,
  runInAllTabs: joinCommands(run),
  startBurst: (name, calls) => startBurst(auth, tab, name, calls),
  burstOutcome,
  returns: () => returns,
  openDuplicate,
  seenByDuplicate,
  closeDuplicate,
  ...idle,
  storedText,
  timerMs,
  exposedText,
  leak: (place, text) => leak(place, text, key),
};

const callsAtLoad = sessionStorage.getItem(CALLS_AT_LOAD);
sessionStorage.removeItem(CALLS_AT_LOAD);
if (callsAtLoad !== null) startBurst(auth, tab, 'load', Number(callsAtLoad));
notifyOpener();
