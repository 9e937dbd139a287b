import { act, cleanup, render, within } from '@testing-library/react';
import { AuthError, AuthProvider, useAccessToken, useSuspenseAccessToken, type AuthClient } from 'unexpired';
import { AuthDevtools } from 'unexpired/devtools';
import { Component, Suspense, type ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSetup, LIFETIME_MS, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(async () => {
  setup = createSetup();
  await setup.signIn(setup.open({ accessToken: 'memory' }).auth);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const advance = (ms: number) => act(() => setup.world.advance(ms));

/** Opens a tab that has no access token yet, and starts its client. */
function openWithout() {
  const opened = setup.open({ accessToken: 'memory' });
  opened.auth.subscribe(() => undefined);
  return opened;
}

class Boundary extends Component<{ children: ReactNode }, { caught: unknown }> {
  override state: { caught: unknown } = { caught: null };

  static getDerivedStateFromError(caught: unknown) {
    return { caught };
  }

  override render(): ReactNode {
    return AuthError.is(this.state.caught) ? this.state.caught.code : this.props.children;
  }
}

function showToken(client: AuthClient) {
  let renders = 0;
  function Token() {
    renders++;
    return useSuspenseAccessToken().accessToken === client.getSnapshot().tokens?.accessToken ? 'the token' : 'another token';
  }
  const { container } = render(<AuthProvider client={client}><Boundary><Suspense fallback="wait"><Token /></Suspense></Boundary></AuthProvider>);
  return { text: () => container.textContent, renders: () => renders };
}

describe('in a tab that is signed in and has no access token yet', () => {
  it('useSuspenseAccessToken suspends until the tab has one', async () => {
    const { auth } = openWithout();
    const { text } = showToken(auth);
    await advance(10);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', tokens: null });
    expect(text()).toBe('wait');
    await advance(200);
    expect(text()).toBe('the token');
    await advance(LIFETIME_MS);
    expect(text()).toBe('the token');
  });

  it('useSuspenseAccessToken goes on waiting without rendering again and again while the refresh fails', async () => {
    setup.faultRefreshes('dropBefore');
    const { auth } = openWithout();
    const { text, renders } = showToken(auth);
    await advance(LIFETIME_MS);
    expect(text()).toBe('wait');
    expect(renders()).toBeLessThan(10);
    setup.faultRefreshes('none');
    await advance(LIFETIME_MS);
    expect(text()).toBe('the token');
  });

  it('useSuspenseAccessToken throws the error to the boundary if the API refuses the app', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    setup.world.rewrite = (answer) => answer.replace(/_token(?=":")/g, '');
    const { auth } = openWithout();
    const { text } = showToken(auth);
    await advance(1000);
    expect(auth.getSnapshot().refresh.state).toBe('blocked');
    expect(text()).toBe('misconfigured');
  });

  it('useSuspenseAccessToken throws signed_out to the boundary if the session ends meanwhile', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    setup.api.endSession({}, 451);
    const { text } = showToken(openWithout().auth);
    await advance(1000);
    expect(text()).toBe('signed_out');
  });

  it('useAccessToken returns null, and says that a refresh is running', async () => {
    setup.world.latencyMs = 500;
    const { auth } = openWithout();
    function Token() {
      const { accessToken, expiresAt, isRefreshing } = useAccessToken();
      return `${accessToken === null ? 'none' : 'a token'}, ${expiresAt === null ? 'no end' : 'an end'}, ${isRefreshing}`;
    }
    const { container } = render(<AuthProvider client={auth}><Token /></AuthProvider>);
    await advance(100);
    expect(container.textContent).toBe('none, no end, true');
    await advance(1000);
    expect(container.textContent).toBe('a token, an end, false');
  });

  it('the devtools log its first tokens once, and those of other tabs not at all', async () => {
    const { auth } = openWithout();
    const { container } = render(<AuthDevtools client={auth} initialOpen />);
    await advance(1000);
    await act(() => setup.world.until(setup.open({ accessToken: 'memory' }).auth.refresh()));
    await advance(1000);
    const root = container.querySelector('[data-unexpired-devtools]')!.shadowRoot as unknown as HTMLElement;
    const lines = within(within(root).getByRole('region', { name: 'Events' })).getAllByRole('listitem').map(({ textContent }) => textContent ?? '');
    expect(lines.filter((line) => line.includes('New tokens'))).toEqual([expect.stringContaining('this tab')]);
    expect(root.textContent).not.toContain('eyJ');
  });
});
