import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { AuthProvider, limitSession, SessionEndWarning, type AuthClient, type SessionLimitOptions } from 'unexpired';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSetup, type Setup } from '../support/setup.ts';

const MINUTE = 60_000;

let setup: Setup;
let auth: AuthClient;
beforeEach(() => {
  setup = createSetup();
  ({ auth } = setup.open());
});
afterEach(cleanup);

const advance = (ms: number) => act(() => setup.world.advance(ms));

/** Renders a page with a field, and advances until its session ends in about a minute. */
async function renderEnding(warning = <SessionEndWarning />, options: SessionLimitOptions = { idle: { timeoutMs: 15 * MINUTE, warnMs: MINUTE } }) {
  limitSession(auth, options);
  render(<StrictMode><AuthProvider client={auth}><input aria-label="Text" />{warning}</AuthProvider></StrictMode>);
  await act(() => setup.signIn(auth));
  screen.getByLabelText('Text').focus();
  await advance(14 * MINUTE + 1500);
}

const dialog = () => screen.queryByRole('alertdialog');
const button = (name: string) => screen.getByRole('button', { name });

describe('SessionEndWarning', () => {
  it('opens a dialog that says why, takes the focus, and gives it back when the user stays', async () => {
    await renderEnding();
    expect(dialog()).toHaveProperty('open', true);
    expect(document.getElementById(dialog()!.getAttribute('aria-labelledby')!)?.textContent).toBe('Your session is about to end');
    expect(document.getElementById(dialog()!.getAttribute('aria-describedby')!)?.textContent).toBe('You have not used this page for a while.');
    expect(document.activeElement).toBe(button('Stay signed in'));
    fireEvent.click(button('Stay signed in'));
    await advance(100);
    expect([dialog(), document.activeElement]).toEqual([null, screen.getByLabelText('Text')]);
    await advance(13 * MINUTE);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it('shows each second, and lets a screen reader read three of them', async () => {
    await renderEnding();
    const seen = { timer: new Set<string>(), status: new Set<string>() };
    for (let second = 0; second < 58; second++) {
      seen.timer.add(screen.getByRole('timer').textContent!);
      seen.status.add(screen.getByRole('status').textContent!);
      await advance(1000);
    }
    expect(seen.timer.size).toBe(58);
    expect([...seen.status]).toEqual([expect.stringMatching(/^(59|60) seconds left$/), '30 seconds left', '10 seconds left']);
  });

  it('stays signed in by the Escape key', async () => {
    await renderEnding();
    fireEvent(dialog()!, new Event('cancel', { cancelable: true }));
    await advance(100);
    expect([dialog(), auth.getSnapshot().status]).toEqual([null, 'signedIn']);
  });

  it('signs out', async () => {
    await renderEnding();
    fireEvent.click(button('Sign out'));
    await advance(100);
    expect([dialog(), auth.getSnapshot().endReason]).toEqual([null, 'sign_out']);
  });

  it('is gone when the session has ended', async () => {
    await renderEnding();
    await advance(MINUTE);
    expect([dialog(), auth.getSnapshot().endReason]).toEqual([null, 'idle']);
  });

  it('says so if the session cannot be made longer, and closes', async () => {
    await renderEnding(<SessionEndWarning />, { maxSessionMs: 15 * MINUTE });
    expect(dialog()?.textContent).toContain('The longest time for one sign-in is nearly over.');
    fireEvent.click(button('Stay signed in'));
    await advance(1000);
    expect(screen.getByRole('status').textContent).toBe('This session cannot be made longer. Save your work.');
    fireEvent.click(button('Close'));
    await advance(2000);
    expect([dialog(), auth.getSnapshot().status, document.activeElement]).toEqual([null, 'signedIn', screen.getByLabelText('Text')]);
  });

  it('has the texts and the class of the app', async () => {
    await renderEnding(<SessionEndWarning className="warning" labels={{ stay: 'Angemeldet bleiben', timeLeft: (seconds) => `noch ${seconds} s` }} />);
    expect([dialog()?.className, screen.getByRole('timer').textContent]).toEqual(['warning', expect.stringMatching(/^noch 5\d s$/)]);
    expect(button('Angemeldet bleiben')).toBeTruthy();
  });

  it('renders a look of the app', async () => {
    await renderEnding(<SessionEndWarning>{({ cause, secondsLeft }) => <em>{`${cause} ${secondsLeft > 50}`}</em>}</SessionEndWarning>);
    expect([document.querySelector('em')?.textContent, dialog()]).toEqual(['idle true', null]);
  });
});
