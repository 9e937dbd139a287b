import { Violation } from '../monitor.ts';
import type { DataCentre } from './data-centre.ts';
import { addExchange, addRecord, recordIn, refreshTokenOf, type Call } from './history.ts';
import { isStranded } from './excuses.ts';
import type { InstanceInvariant } from './invariant.ts';
import { INSTANCE_INVARIANTS } from './invariants.ts';

export { textOf } from '../monitor.ts';

/** Checks every invariant against everything that happens in a data centre. */
export interface InstanceMonitor {
  readonly checkText: (text: string) => void;
  readonly checkToken: (token: string) => void;
  readonly checkOutcome: (call: Call) => void;
  /** Reports a violation that the monitor cannot find itself. */
  readonly report: (number: number, detail: string) => void;
}

/** Attaches a monitor to a data centre. `world.advance` and `world.until` throw the first violation. */
export function createInstanceMonitor(centre: DataCentre): InstanceMonitor {
  const { world, store, vault, history } = centre;
  const startedAt = world.now();
  const checkedTexts = new Map<string, number>();
  let violation: Violation | null = null;

  function check(find: (invariant: InstanceInvariant) => string | null | undefined): void {
    for (const invariant of INSTANCE_INVARIANTS) {
      const detail = find(invariant);
      if (typeof detail === 'string') violation ??= new Violation(invariant, detail, world.now() - startedAt);
    }
  }

  const checkText = (text: string) => check(({ onText }) => onText?.(history, text));

  world.onExchange = (exchange) => {
    const isNew = exchange.phase === 'out' && exchange.sentAt === exchange.phaseAt;
    const refresh = addExchange(history, exchange);
    const { url, phase, status, sender } = exchange;
    const { pathname, search } = new URL(url);
    history.trace(`${history.instances.find(({ process }) => process === sender)?.tab.name} ${pathname}${search} ${refresh?.refreshToken ?? ''} ${phase} ${status ?? ''}`);
    if (!isNew) return;
    if (refresh) {
      if (history.refreshes.some((earlier) => earlier !== refresh && isStranded(history, earlier, refresh))) history.stranded.add(refresh.sid);
      return check(({ onRefresh }) => onRefresh?.(history, refresh));
    }
    const call = history.calls.findLast(({ sends }) => sends.includes(exchange));
    if (call) check(({ onSend }) => onSend?.(history, call, exchange));
  };

  function checkRow(key: string): void {
    const text = store.textOf(key);
    const plain = text === null ? null : (vault.contentOf(text) ?? text);
    addRecord(history, key, recordIn(plain));
    if (text !== null) checkText(text);
    check(({ onRow }) => onRow?.(history, key, plain));
  }

  store.onChange = ({ kind, key }) => {
    history.trace(`store: ${kind} ${key.slice(0, 6)}`);
    checkRow(key);
  };
  store.onLoss = (change) => {
    history.trace(`store: lost ${change.kind} ${change.key.slice(0, 6)}`);
    history.losses.push({ change, at: world.now() });
    const lost = recordIn(vault.contentOf(change.after?.text ?? ''));
    if (lost && change.before?.text !== change.after?.text) history.storedAt.delete(refreshTokenOf(lost));
    checkRow(change.key);
  };
  store.onFailure = (failed) => void history.failedOperations.push(failed);

  function checkNewTexts(name: string, texts: readonly string[]): void {
    const checked = checkedTexts.get(name) ?? 0;
    if (texts.length === checked) return;
    checkedTexts.set(name, texts.length);
    for (const text of texts.slice(checked)) {
      history.trace(`${name}: ${text.slice(0, 200)}`);
      checkText(text);
    }
  }

  function addDisturbance(): void {
    const { fault, slowMs } = store.state;
    const isHeldBack = history.instances.some(({ process }) => process.isAlive() && process.isFrozen());
    const { network, endpoint } = history.outages;
    if (fault !== 'none' || slowMs > 0 || isHeldBack || network || endpoint) history.disturbedAt = world.now();
  }

  world.onSettled = () => {
    addDisturbance();
    for (const { tab } of history.instances) {
      checkNewTexts(tab.name, tab.warnings);
    }
    check(({ onStep }) => onStep?.(history, centre));
    if (violation) throw violation;
  };

  return {
    checkText,
    checkToken: (token) => check(({ onToken }) => onToken?.(history, token)),
    checkOutcome(call) {
      history.trace(`${call.path} of session ${call.login.sid} on ${call.instance.tab.name}: ${call.outcome} ${call.detail} ${call.endReason ?? ''}`);
      check(({ onOutcome }) => onOutcome?.(history, call));
    },
    report: (number, detail) => check((invariant) => (invariant.number === number ? detail : null)),
  };
}
