import type { ReactNode } from 'react';
import type { EndingSession } from './session-end-store.ts';
import { SessionEndDialog, type SessionEndLabels } from './SessionEndDialog.tsx';
import { useSessionEnd, type SessionEndOptions } from './use-session-end.ts';

/** The props of `SessionEndWarning`. */
export interface SessionEndWarningProps extends SessionEndOptions {
  /** Renders the warning in a look of your own. Default: a modal dialog. */
  readonly children?: (end: EndingSession) => ReactNode;
  /** The texts of the dialog. Default: in English. */
  readonly labels?: Partial<SessionEndLabels>;
  /** The class of the dialog. */
  readonly className?: string;
}

/**
 * Warns that the session is about to end, and lets the user stay signed in.
 *
 * The dialog is modal and takes the focus, and gives it back. Escape means to stay. A screen reader reads the time left when the dialog opens, and
 * 30 s and 10 s before the end, not each second. Nothing moves. If the session cannot be made longer, the dialog says so and can be closed.
 *
 * @param props `children`: a look of your own; `warnMs`, `labels` and `className`
 * @throws AuthError `invalid_config` outside an `AuthProvider`, or with the field `warnMs`
 * @see WCAG 2.2, success criteria 2.2.1 (timing adjustable), 2.4.3 (focus order) and 4.1.3 (status messages)
 * @example
 * ```tsx
 * import { SessionEndWarning } from 'unexpired';
 * const warning = <SessionEndWarning warnMs={60_000} />;
 * const own = <SessionEndWarning>{({ secondsLeft, stay }) => <button onClick={() => void stay()}>{secondsLeft} s: stay?</button>}</SessionEndWarning>;
 * ```
 */
export function SessionEndWarning({ warnMs, children, ...look }: SessionEndWarningProps): ReactNode {
  const end = useSessionEnd({ warnMs });
  if (!end) return null;
  return children ? children(end) : <SessionEndDialog key={end.cause} end={end} {...look} />;
}
