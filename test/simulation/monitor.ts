import type { Exchange } from '../support/world.ts';
import { addExchange, isSyncPending, isUnstored, mayBackOff, sidOf, storedSessions, type Call, type History, type Refresh, type TabClient } from './history.ts';
import { addAnswerCookies, addJarRequest, isBeyondControl, isInFlight } from './jar-history.ts';
import type { Invariant } from './invariant.ts';
import { INVARIANTS } from './invariants.ts';
import { isInCookie } from './token-place.ts';

/** An invariant does not hold. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly number: number;

  constructor({ number, name }: Pick<Invariant, 'number' | 'name'>, detail: string, afterMs: number) {
    super(`Invariant ${number} (${name}) does not hold after ${afterMs} ms: ${detail}`);
    this.number = number;
  }
}

/** Checks every invariant against everything that happens in a world. */
export interface Monitor {
  /** Checks the snapshots of a tab's client. */
  readonly watch: (client: TabClient) => void;
  /** Checks a text that has left the client. */
  readonly checkText: (text: string) => void;
  /** Checks a call that the client has rejected. */
  readonly checkRejection: (call: Call) => void;
  /** Reports a violation that the monitor cannot find itself. */
  readonly report: (number: number, detail: string) => void;
}

/** Attaches a monitor to the world of a history. `world.advance` and `world.until` throw the first violation. */
export function createMonitor(history: History): Monitor {
  const { world } = history;
  const startedAt = world.now();
  const checkedTexts = new Map<TabClient, { readonly posted: number; readonly warnings: number }>();
  let violation: Violation | null = null;

  function check(find: (invariant: Invariant) => string | null | undefined): void {
    for (const invariant of INVARIANTS) {
      const detail = find(invariant);
      if (typeof detail === 'string') violation ??= new Violation(invariant, detail, world.now() - startedAt);
    }
  }

  const checkText = (text: string) => check(({ onText }) => onText?.(history, text));

  world.onExchange = (exchange) => {
    const isNew = exchange.phase === 'out' && exchange.sentAt === exchange.phaseAt;
    addExchange(history, exchange);
    const { sender, url, phase, status } = exchange;
    history.trace(`${history.clients.find(({ tab }) => tab.process === sender)?.tab.name} ${new URL(url).pathname}${new URL(url).search} ${phase} ${status ?? ''}`);
    if (isNew) checkSend(exchange);
  };

  function checkSend(exchange: Exchange): void {
    const refresh = history.refreshes.findLast((known) => known.exchange === exchange);
    const call = history.calls.findLast(({ sends }) => sends.includes(exchange));
    if (refresh && history.refreshes.some((earlier) => earlier !== refresh && isStranded(history, earlier, refresh))) history.strandedInFrozenTab.add(refresh.sid);
    const request = addJarRequest(history, exchange);
    if (request) check(({ onJarRequest }) => onJarRequest?.(history, request));
    if (refresh) check(({ onRefresh }) => onRefresh?.(history, refresh));
    else if (call && exchange.authorization !== 'Bearer app-key') check(({ onSend }) => onSend?.(history, call, exchange));
  }

  world.onCookies = (exchange) => {
    const request = history.jar.requests.find((known) => known.exchange === exchange);
    if (request) check(({ onJarAnswer }) => onJarAnswer?.(history, request));
    addAnswerCookies(history, exchange);
  };

  let hadSession = false;
  world.storage.onChange = () => {
    history.isStorageEmpty = [...world.storage.values.values()].every((value) => value === undefined); // A change of nothing to nothing leaves such a value.
    const stored = storedSessions(history);
    // The tab that has stored the end of a session shows it when storage has answered.
    if (hadSession && stored.length === 0) history.endedAt = world.now();
    hadSession = stored.length > 0;
    for (const { sid, sessionId, refreshToken } of stored) {
      history.jar.storedIds.add(sessionId);
      if (refreshToken) history.everStored.add(refreshToken);
      addSession(sid);
      if (!history.storedAt.has(sid)) history.storedAt.set(sid, world.now());
    }
  };

  function addSession(sid: number | null): void {
    if (sid === null || sid < 0 || history.startedAt.has(sid)) return;
    // A tab that is frozen as soon as its tokens arrive shows its session much later.
    history.startedAt.set(sid, history.intents.find(({ began }) => began === sid)?.beganAt ?? world.now());
  }

  function checkNewTexts(client: TabClient): void {
    const { posted, warnings } = client.tab;
    const checked = checkedTexts.get(client) ?? { posted: 0, warnings: 0 };
    if (posted.length === checked.posted && warnings.length === checked.warnings) return;
    checkedTexts.set(client, { posted: posted.length, warnings: warnings.length });
    checkText(JSON.stringify([...posted.slice(checked.posted), ...warnings.slice(checked.warnings)]));
  }

  function addDisturbance(): void {
    const { fault, slowMs } = world.storage;
    if (fault !== 'none' || slowMs > 0) history.storageFaultAt = world.now();
    const isHeldBack = history.clients.some(({ tab }) => tab.process.isAlive() && (tab.process.isFrozen() || tab.process.throttleMs() > 0));
    if (isHeldBack || history.storageFaultAt === world.now()) history.disturbedAt = world.now();
  }

  world.onSettled = () => {
    addDisturbance();
    history.clients.forEach(checkNewTexts);
    check(({ onStep }) => onStep?.(history));
    if (violation) throw violation;
  };

  return {
    watch(client) {
      client.auth.subscribe(() => {
        const before = client.snapshot;
        client.snapshot = client.auth.getSnapshot();
        const { sessionId, tokens } = client.snapshot;
        if (sessionId !== null && tokens !== null) history.sidBySession.set(sessionId, history.factsOf(tokens.accessToken).sid);
        const sid = sidOf(history, client.snapshot);
        addSession(sid);
        if (before.status === 'signedIn' && client.snapshot.status === 'signedOut') history.endedAt = world.now();
        history.trace(`${client.tab.name} shows ${client.snapshot.status} ${sid ?? ''} ${client.snapshot.refresh.state} ${client.snapshot.refresh.retryAt ?? ''}`);
        if (!client.tab.process.isAlive()) return;
        check(({ onSnapshot }) => onSnapshot?.(history, client, before, client.snapshot));
        if (client.snapshot.refresh.error) checkText(textOf(client.snapshot.refresh.error));
      });
    },
    checkText,
    checkRejection: (call) => check(({ onRejection }) => onRejection?.(history, call)),
    report: (number, detail) => check((invariant) => (invariant.number === number ? detail : null)),
  };
}

/**
 * Whether only a frozen tab, or a tab that could not store them, had the new tokens of an earlier refresh when a later refresh
 * sent the same refresh token again.
 */
function isStranded(history: History, earlier: Refresh, later: Refresh): boolean {
  const { sid, refreshToken, successor, exchange } = earlier;
  if (refreshToken !== later.refreshToken) return false;
  if (isInCookie(history.scenario)) return refreshToken !== '' && isSentAgain(history, exchange);
  if (successor === null) return earlier.isUnreadable && exchange.sender.isFrozen();
  return isSyncPending(history, sid) || isUnstored(history, earlier) || (exchange.sender.isFrozen() && !history.everStored.has(successor));
}

/** Whether a cookie is sent again while a request with it is in flight, because no tab can wait for that one or see it. */
function isSentAgain(history: History, exchange: Exchange): boolean {
  const isUnseen = !history.scenario.hasLocks && mayBackOff(history, history.world.now());
  return history.jar.requests.some((request) => request.exchange === exchange && isInFlight(request) && (isUnseen || isBeyondControl(history, request)));
}

/** Returns all text of an error: message, stack, fields, and those of its causes. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${textOf(error.cause)}`;
  return `${error.message}\n${error.stack ?? ''}\n${JSON.stringify(error)}${cause}`;
}
