import { limitSession, type AuthClient } from 'unexpired/core';
import type { Harness } from './harness.ts';

/** Limits the session of a page if its address says so, and returns the functions for the tests. */
export function limitIdle(auth: AuthClient, idleMs: string | undefined): Pick<Harness, 'touch' | 'endsInMs' | 'shown' | 'touchInFrame'> {
  const limits = idleMs === undefined ? null : limitSession(auth, { idle: { timeoutMs: Number(idleMs) } });
  const shown = new Set<string>();
  auth.subscribe(() => shown.add(auth.getSnapshot().status));

  async function touchInFrame(): Promise<void> {
    const frame = document.createElement('iframe');
    frame.src = location.href;
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    document.body.append(frame);
    await loaded;
    const { harness } = frame.contentWindow!;
    await harness.untilSession(auth.getSnapshot().sessionId);
    harness.touch();
  }

  return {
    touch: () => limits?.touch(),
    endsInMs: () => {
      const end = limits?.getEnd();
      return end ? end.endsAt - Date.now() : null;
    },
    shown: () => [...shown],
    touchInFrame,
  };
}
