import type { Seen } from './harness.ts';

let duplicate: Window | null = null;

/** Opens a tab with a copy of this tab's session storage, as duplicating it does. Returns `null` if the engine does not let a page do that. */
export async function openDuplicate(): Promise<Seen | null> {
  const opened = window.open(location.href);
  if (!opened) return null;
  duplicate = opened;
  await new Promise<void>((resolve) => {
    window.addEventListener('message', ({ source, data }) => source === opened && data === 'ready' && resolve());
  });
  return opened.harness.untilKnown();
}

/** Notifies the tab that opened this page that the harness is ready. */
export function notifyOpener(): void {
  (window.opener as Window | null)?.postMessage('ready', location.origin);
}

export function seenByDuplicate(): Seen | null {
  return duplicate?.harness.seen() ?? null;
}

export function closeDuplicate(): void {
  duplicate?.close();
  duplicate = null;
}
