import { useId, useLayoutEffect, useRef, useState, type CSSProperties, type ReactNode } from 'react';
import type { SessionEnd } from '../core/model/session-end.ts';
import type { EndingSession } from './session-end-store.ts';

/** The texts of the dialog of `SessionEndWarning`. */
export interface SessionEndLabels {
  readonly title: string;
  /** Why the session ends. */
  readonly reasonOf: (cause: SessionEnd['cause']) => string;
  /** The time left. It is shown, and read at a few moments. */
  readonly timeLeft: (secondsLeft: number) => string;
  readonly stay: string;
  readonly signOut: string;
  /** Shown if the session could not be made longer. */
  readonly refused: string;
  readonly close: string;
}

const ENGLISH: SessionEndLabels = {
  title: 'Your session is about to end',
  reasonOf: (cause) => (cause === 'idle' ? 'You have not used this page for a while.' : 'The longest time for one sign-in is nearly over.'),
  timeLeft: (seconds) => (seconds < 120 ? `${seconds} seconds left` : `${Math.ceil(seconds / 60)} minutes left`),
  stay: 'Stay signed in',
  signOut: 'Sign out',
  refused: 'This session cannot be made longer. Save your work.',
  close: 'Close',
};

/** The times at which a screen reader reads the time left, s. */
const READ_AT = [30, 10];

/** Hides a text from sight only. */
const UNSEEN: CSSProperties = { position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)', whiteSpace: 'nowrap' };

interface DialogProps {
  readonly end: EndingSession;
  readonly labels?: Partial<SessionEndLabels>;
  readonly className?: string | undefined;
}

/** The default look of `SessionEndWarning`. */
export function SessionEndDialog({ end, labels, className }: DialogProps): ReactNode {
  const { title, reasonOf, timeLeft, stay, signOut, refused, close } = { ...ENGLISH, ...labels };
  const { cause, secondsLeft } = end;
  const [first] = useState(secondsLeft);
  const [state, setState] = useState<'open' | 'refused' | 'closed'>('open');
  const dialog = useModal(state !== 'closed');
  const id = useId();
  const read = READ_AT.filter((at) => secondsLeft <= at).at(-1) ?? first;
  const tryToStay = () => void end.stay().then((isLonger) => isLonger || setState('refused'));
  const dismiss = () => (state === 'refused' ? setState('closed') : tryToStay());
  if (state === 'closed') return null;
  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      aria-modal="true"
      aria-labelledby={`${id}title`}
      aria-describedby={`${id}reason`}
      className={className}
      style={className === undefined ? { colorScheme: 'light dark', maxWidth: '26rem' } : undefined}
      onCancel={(event) => (event.preventDefault(), dismiss())}
    >
      <h2 id={`${id}title`}>{title}</h2>
      <p id={`${id}reason`}>{state === 'refused' ? refused : reasonOf(cause)}</p>
      <p role="timer" aria-live="off">{timeLeft(secondsLeft)}</p>
      <p role="status" style={UNSEEN}>{state === 'refused' ? refused : timeLeft(Math.min(read, first))}</p>
      <button type="button" onClick={dismiss}>{state === 'refused' ? close : stay}</button>{' '}
      <button type="button" onClick={() => void end.signOut()}>{signOut}</button>
    </dialog>
  );
}

/** Opens a dialog above the page with the focus in it. When it is gone, the focus is where it was. */
function useModal(isOpen: boolean) {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (!isOpen || !dialog) return;
    const before = dialog.ownerDocument.activeElement as HTMLElement | null;
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute('open', '');
    dialog.querySelector('button')?.focus();
    return () => {
      if (dialog.close) dialog.close();
      if (before?.isConnected) before.focus();
    };
  }, [isOpen]);
  return ref;
}
