import { act, cleanup, render, screen } from '@testing-library/react';
import { AuthProvider, SignedIn, SignedOut } from 'unexpired';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Activity, hasActivity } from '../support/activity.tsx';
import { createSetup, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});
afterEach(cleanup);

const advance = (ms: number) => act(() => setup.world.advance(ms));

describe('AuthProvider', () => {
  it.runIf(hasActivity)('prints no warning if an Activity hides and shows it with the same config again and again', async () => {
    const { platform, warnings } = setup.world.openTab();
    const config = { protocol: setup.protocol, platform };
    const tree = (mode: 'hidden' | 'visible') => <Activity mode={mode}><AuthProvider config={config}><SignedOut>out</SignedOut></AuthProvider></Activity>;
    const { rerender } = render(tree('visible'));
    for (let turn = 0; turn < 5; turn++) {
      rerender(tree('hidden'));
      await advance(10);
      rerender(tree('visible'));
      await advance(10);
    }
    expect(warnings).toEqual([]);
  });

  it('warns once if it gets another client at each render', async () => {
    const { platform, warnings } = setup.world.openTab();
    const tree = () => <AuthProvider client={setup.open({ platform }).auth}><SignedOut>out</SignedOut></AuthProvider>;
    const { rerender } = render(tree());
    for (let turn = 0; turn < 6; turn++) rerender(tree());
    await advance(10);
    expect(warnings).toEqual([expect.stringContaining('another `client` at each render')]);
  });

  it('accepts a copy of a client that replaces a member', async () => {
    const { auth } = await setup.openSignedIn();
    render(<AuthProvider client={{ ...auth, signOut: () => Promise.resolve() }}><SignedIn>in</SignedIn></AuthProvider>);
    await advance(1);
    expect(screen.getByText('in')).toBeTruthy();
  });
});
