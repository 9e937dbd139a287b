import { act, cleanup, render } from '@testing-library/react';
import { startTransition } from 'react';
import { AuthProvider, SignedIn, useAccessToken, useAuth } from 'unexpired';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHideable, hasActivity, textsOf } from '../support/activity.tsx';
import { eventually } from '../support/eventually.ts';
import { createSetup, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});
afterEach(cleanup);

const Status = () => useAuth().status;
const Token = () => (useAccessToken().accessToken === null ? 'no token' : 'a token');

describe.runIf(hasActivity)('a tree that is hidden while its user signs out', () => {
  const { Hideable, setMode } = createHideable();

  it.each([
    ['SignedIn', <SignedIn key="">for the user only</SignedIn>, 'for the user only', ''],
    ['useAuth', <Status key="" />, 'signedIn', 'signedOut'],
    ['useAccessToken', <Token key="" />, 'a token', 'no token'],
  ])('shows the user’s content in no frame when it is shown again (%s)', async (_, children, before, after) => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    const { container } = render(<AuthProvider client={auth}><Hideable><p>{children}</p></Hideable></AuthProvider>);
    expect(container.textContent).toBe(before);
    act(() => setMode('hidden'));
    await act(() => setup.world.until(auth.signOut()));
    const committed = textsOf(container);
    const environment = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean };
    environment.IS_REACT_ACT_ENVIRONMENT = false; // `act` would render everything before a frame could be observed.
    startTransition(() => setMode('visible'));
    await eventually(() => expect(committed).toContain(after)).finally(() => (environment.IS_REACT_ACT_ENVIRONMENT = true));
    expect(committed).not.toContain(before);
  });
});
