import { act, cleanup, render } from '@testing-library/react';
import * as React from 'react';
import { startTransition, useEffect, useState, type ComponentType, type ReactNode } from 'react';
import { AuthProvider, SignedIn, useAccessToken, useAuth } from 'unexpired';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createScene, type Scene } from '../support/scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = createScene();
});
afterEach(cleanup);

const Status = () => useAuth().status;
const Token = () => (useAccessToken().accessToken === null ? 'no token' : 'a token');

describe.runIf('Activity' in React)('what is hidden while its user signs out', () => {
  const Activity = (React as unknown as { Activity: ComponentType<{ mode: string; children: ReactNode }> }).Activity;
  let setMode: (mode: 'hidden' | 'visible') => void = () => undefined;

  function Hidden({ children }: { readonly children: ReactNode }) {
    const [mode, set] = useState('visible');
    useEffect(() => {
      setMode = set;
    }, []);
    return <Activity mode={mode}>{children}</Activity>;
  }

  it.each([
    ['SignedIn', <SignedIn key="">what is the user&apos;s alone</SignedIn>, 'what is the user\'s alone', ''],
    ['useAuth', <Status key="" />, 'signedIn', 'signedOut'],
    ['useAccessToken', <Token key="" />, 'a token', 'no token'],
  ])('shows nothing of it when it is seen again, not even for a frame (%s)', async (_, children, before, after) => {
    const { auth } = scene.open();
    await scene.signIn(auth);
    const { container } = render(<AuthProvider client={auth}><Hidden><p>{children}</p></Hidden></AuthProvider>);
    expect(container.textContent).toBe(before);
    act(() => setMode('hidden'));
    await act(() => scene.world.until(auth.signOut()));
    const committed: (string | null)[] = [];
    new MutationObserver(() => committed.push(container.textContent)).observe(container, { subtree: true, childList: true, characterData: true, attributes: true });
    const environment = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean };
    environment.IS_REACT_ACT_ENVIRONMENT = false; // `act` would render everything before anybody can look.
    startTransition(() => setMode('visible'));
    await vi.waitFor(() => expect(committed).toContain(after)).finally(() => (environment.IS_REACT_ACT_ENVIRONMENT = true));
    expect(committed).not.toContain(before);
  });
});
