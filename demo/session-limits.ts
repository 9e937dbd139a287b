import { holdCalls, limitSession, type AuthClient } from 'unexpired';
import { createStore, type Store } from './store.ts';

/** What happens when the session ends, as a visitor has chosen it. */
export interface LimitSettings {
  /** How long the session lasts without activity, ms; 0 for no limit. */
  readonly idleMs: number;
  /** Whether calls wait for the same user to sign in again. */
  readonly holds: boolean;
}

/** How long before the end the page warns at most, ms. */
const WARN_MS = 15_000;

const KEY = 'demo.session-limits';
const OFF: LimitSettings = { idleMs: 0, holds: false };

function read(text: string | null): LimitSettings {
  try {
    return { ...OFF, ...(JSON.parse(text ?? '{}') as Partial<LimitSettings>) };
  } catch {
    return OFF;
  }
}

/** Applies the choice to a client, in this tab and in the others. Call it right after `createAuthClient`. */
export function createSessionLimits(auth: AuthClient): Store<LimitSettings> {
  const settings = createStore(read(localStorage.getItem(KEY)));
  const hold = holdCalls(auth);
  hold.subscribe(() => {
    if (!settings.get().holds) hold.discard();
  });

  function apply(): void {
    const { idleMs, holds } = settings.get();
    limitSession(auth, idleMs === 0 ? {} : { idle: { timeoutMs: idleMs, warnMs: Math.min(WARN_MS, idleMs / 2) } });
    if (!holds) hold.discard();
  }

  addEventListener('storage', ({ key, newValue }) => {
    if (key === KEY) settings.set(read(newValue));
  });
  settings.subscribe(apply);
  apply();
  return {
    ...settings,
    set(next) {
      localStorage.setItem(KEY, JSON.stringify(next));
      settings.set(next);
    },
  };
}
