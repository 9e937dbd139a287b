import type { Seen } from './harness.ts';

let duplicate: Window | null = null;

/** Opens a tab with a copy of this one's session storage, as duplicating it does; `null` where the engine lets no page do that. */
export async function openDuplicate(): Promise<Seen | null> {
  const opened = window.open(location.href);
  if (!opened) return null;
  duplicate = opened;
  await new Promise<void>((resolve) => {
    window.addEventListener('message', ({ source, data }) => source === opened && data === 'ready' && resolve());
  });
  return opened.harness.untilKnown();
}

/** Tells the tab that this page was opened by that it can be asked. */
export function tellOpener(): void {
  (window.opener as Window | null)?.postMessage('ready', location.origin);
}

export function seenByDuplicate(): Seen | null {
  return duplicate?.harness.seen() ?? null;
}

export function closeDuplicate(): void {
  duplicate?.close();
  duplicate = null;
}
