import { act, cleanup, render } from '@testing-library/react';
import { AuthProvider, createAuthClient, SignedOut, type AuthClient } from 'unexpired';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useClientAdvice } from '../../src/react/no-advice.ts';
import { createHideable, hasActivity } from '../support/activity.tsx';
import { createSetup, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});
afterEach(cleanup);

/** Renders a component that creates a client at each render, and returns the warnings in its tab. */
async function renderTimes(times: number, everyMs: number, Component: (props: { readonly create: () => AuthClient }) => React.ReactNode): Promise<readonly string[]> {
  const tab = setup.world.openTab();
  const create = () => createAuthClient({ protocol: setup.protocol, storage: tab.platform.storage, platform: tab.platform });
  const { rerender } = render(<Component create={create} />);
  for (let render = 1; render < times; render++) {
    await act(() => setup.world.advance(everyMs));
    rerender(<Component create={create} />);
  }
  return tab.warnings;
}

const Provider = ({ create }: { readonly create: () => AuthClient }) => <AuthProvider client={create()} />;

describe('an AuthProvider whose client is created in a component', () => {
  it('prints one warning, which names the two ways out, for 28 clients in 1.5 s', async () => {
    expect(await renderTimes(28, 50, Provider)).toEqual([
      'unexpired: <AuthProvider> got 4 different clients within 10 s, and each one reads the session again. '
      + 'Create the client once, outside the component, or pass `config` instead of `client`.',
    ]);
  });

  it('prints one warning even if it goes on for a minute', async () => {
    expect(await renderTimes(60, 1000, Provider)).toHaveLength(1);
  });

  it('prints none when hot reloading changes the client twice, or once a minute', async () => {
    expect(await renderTimes(3, 100, Provider)).toEqual([]);
    expect(await renderTimes(10, 60_000, Provider)).toEqual([]);
  });

  it('prints none outside a development build', async () => {
    const NoAdvice = ({ create }: { readonly create: () => AuthClient }) => {
      useClientAdvice(create());
      return null;
    };
    expect(await renderTimes(28, 50, NoAdvice)).toEqual([]);
  });
});

describe('an AuthProvider that needs many clients', () => {
  it('prints no warning when two clients take turns', async () => {
    const tab = setup.world.openTab();
    const clients = [1, 2].map((user) => setup.open({ platform: tab.platform, storageKey: `user ${user}` }).auth);
    const { rerender } = render(<AuthProvider client={clients[0]!} />);
    for (let turn = 1; turn < 20; turn++) rerender(<AuthProvider client={clients[turn % 2]!} />);
    expect(tab.warnings).toEqual([]);
  });

  it.runIf(hasActivity)('prints no warning when an Activity hides and shows a provider with a config', async () => {
    const { platform } = setup.world.openTab();
    const warnings: string[] = [];
    const config = { protocol: setup.protocol, storage: platform.storage, platform: { ...platform, warn: (text: string) => void warnings.push(text) } };
    const { Hideable, setMode } = createHideable();
    const { container } = render(<Hideable><AuthProvider config={config}><SignedOut>out</SignedOut></AuthProvider></Hideable>);
    for (let turn = 0; turn < 6; turn++) {
      act(() => setMode('hidden'));
      await act(() => setup.world.advance(10));
      act(() => setMode('visible'));
      await act(() => setup.world.advance(10));
    }
    expect(container.textContent).toBe('out');
    expect(warnings).toEqual([]);
  });
});
