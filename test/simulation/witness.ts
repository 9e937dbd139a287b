import type { Exchange } from '../support/world.ts';
import { INVARIANTS, type Invariant } from './invariants.ts';
import { isUnheard, noteExchange, sidOf, storedPairs, type Actor, type Call, type Ledger, type Refresh } from './ledger.ts';

/** An invariant does not hold. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly number: number;

  constructor({ number, name }: Pick<Invariant, 'number' | 'name'>, detail: string, afterMs: number) {
    super(`Invariant ${number} (${name}) is broken after ${afterMs} ms: ${detail}`);
    this.number = number;
  }
}

/** Watches a world, and lets every invariant look at whatever happens in it. */
export interface Witness {
  readonly watch: (actor: Actor) => void;
  /** Shows a text that has left the client. */
  readonly readText: (text: string) => void;
  /** Looks at a call that the client has rejected. */
  readonly readRefusal: (call: Call) => void;
  /** Notes a breach that is not found by watching. */
  readonly report: (number: number, detail: string) => void;
}

/** Sets a witness into a ledger's world; the first breach is thrown by `advance` and `until`. */
export function createWitness(ledger: Ledger): Witness {
  const { world } = ledger;
  const startedAt = world.now();
  const read = new Map<Actor, { readonly posted: number; readonly warnings: number }>();
  let violation: Violation | null = null;

  function judge(look: (invariant: Invariant) => string | null | undefined): void {
    for (const invariant of INVARIANTS) {
      const detail = look(invariant);
      if (typeof detail === 'string') violation ??= new Violation(invariant, detail, world.now() - startedAt);
    }
  }

  const readText = (text: string) => judge(({ onText }) => onText?.(ledger, text));

  world.onExchange = (exchange) => {
    const isNew = exchange.phase === 'out' && exchange.sentAt === exchange.phaseAt;
    noteExchange(ledger, exchange);
    const { sender, url, phase, status } = exchange;
    ledger.narrate(`${ledger.actors.find(({ tab }) => tab.life === sender)?.tab.name} ${new URL(url).pathname}${new URL(url).search} ${phase} ${status ?? ''}`);
    if (isNew) judgeSend(exchange);
  };

  function judgeSend(exchange: Exchange): void {
    const refresh = ledger.refreshes.findLast((known) => known.exchange === exchange);
    const call = ledger.calls.findLast(({ sends }) => sends.includes(exchange));
    if (refresh && ledger.refreshes.some((other) => other !== refresh && isFrozenAway(ledger, other, refresh))) ledger.frozenAway.add(refresh.sid);
    if (refresh) judge(({ onRefresh }) => onRefresh?.(ledger, refresh));
    else if (call && exchange.authorization !== 'Bearer app-key') judge(({ onSend }) => onSend?.(ledger, call, exchange));
  }

  world.storage.onChange = world.localArea.onChange = () => {
    ledger.isCleared = world.storage.values.size === 0 && world.localArea.texts().size === 0;
    for (const { accessToken, refreshToken } of storedPairs(ledger)) {
      ledger.everStored.add(refreshToken);
      const { sid } = ledger.factsOf(accessToken);
      noteSession(sid);
      if (!ledger.storedAt.has(sid)) ledger.storedAt.set(sid, world.now());
    }
  };

  function noteSession(sid: number | null): void {
    if (sid !== null && !ledger.sessions.has(sid)) ledger.sessions.set(sid, world.now());
  }

  function readNewTexts(actor: Actor): void {
    const { posted, warnings } = actor.tab;
    const seen = read.get(actor) ?? { posted: 0, warnings: 0 };
    if (posted.length === seen.posted && warnings.length === seen.warnings) return;
    read.set(actor, { posted: posted.length, warnings: warnings.length });
    readText(JSON.stringify([...posted.slice(seen.posted), ...warnings.slice(seen.warnings)]));
  }

  function noteTrouble(): void {
    const { fault, slowMs } = world.storage;
    if (fault !== 'none' || slowMs > 0) ledger.unstorableAt = world.now();
    const held = ledger.actors.some(({ tab: { life } }) => life.isAlive() && (life.isFrozen() || life.throttleMs() > 0));
    if (held || ledger.unstorableAt === world.now()) ledger.troubledAt = world.now();
  }

  world.onSettled = () => {
    noteTrouble();
    ledger.actors.forEach(readNewTexts);
    judge(({ onStep }) => onStep?.(ledger));
    if (violation) throw violation;
  };

  return {
    watch(actor) {
      actor.auth.subscribe(() => {
        const before = actor.seen;
        actor.seen = actor.auth.getSnapshot();
        const sid = sidOf(ledger, actor.seen);
        noteSession(sid);
        ledger.narrate(`${actor.tab.name} shows ${actor.seen.status} ${sid ?? ''} ${actor.seen.refresh.state} ${actor.seen.refresh.retryAt ?? ''}`);
        if (!actor.tab.life.isAlive()) return;
        judge(({ onChange }) => onChange?.(ledger, actor, before, actor.seen));
        if (actor.seen.refresh.error) readText(textOf(actor.seen.refresh.error));
      });
    },
    readText,
    readRefusal: (call) => judge(({ onRefusal }) => onRefusal?.(ledger, call)),
    report: (number, detail) => judge((invariant) => (invariant.number === number ? detail : null)),
  };
}

/** Whether a tab that is frozen, or was right now, has what this refresh asks for once more, and could not tell it. */
function isFrozenAway(ledger: Ledger, { sid, refreshToken, successor, exchange }: Refresh, again: Refresh): boolean {
  if (refreshToken !== again.refreshToken || successor === null) return false;
  return isUnheard(ledger, sid) || (exchange.sender.isFrozen() && !ledger.everStored.has(successor));
}

/** All that an error tells: message, stack, fields, and its causes'. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${textOf(error.cause)}`;
  return `${error.message}\n${error.stack ?? ''}\n${JSON.stringify(error)}${cause}`;
}
