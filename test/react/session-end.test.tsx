import { act, cleanup, render, screen } from '@testing-library/react';
import { StrictMode, type ReactNode } from 'react';
import { AuthProvider, limitSession, useAuth, useSessionEnd, type AuthClient, type SessionLimitOptions } from 'unexpired';
import { oauth2 } from 'unexpired/oauth2';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSetup, NOTHING_HELD, type Setup } from '../support/setup.ts';
import type { Tab } from '../support/world.ts';

const MINUTE = 60_000;
const IDLE: SessionLimitOptions = { idle: { timeoutMs: 15 * MINUTE, warnMs: MINUTE } };

let setup: Setup;
let auth: AuthClient;
let tab: Tab;
beforeEach(() => {
  setup = createSetup();
  ({ auth, tab } = setup.open());
});
afterEach(cleanup);

const advance = (ms: number) => act(() => setup.world.advance(ms));

async function renderSignedIn(tree: ReactNode) {
  const result = render(<StrictMode><AuthProvider client={auth}>{tree}</AuthProvider></StrictMode>);
  await act(() => setup.signIn(auth));
  return result;
}

const Warning = ({ warnMs }: { readonly warnMs?: number }) => {
  const end = useSessionEnd({ warnMs });
  if (!end) return <p>no warning</p>;
  return (
    <>
      <p>{`${end.cause} in ${end.secondsLeft} s`}</p>
      <button onClick={() => void end.stay()}>stay</button>
      <button onClick={() => void end.signOut()}>sign out</button>
    </>
  );
};

const shown = () => document.querySelector('p')?.textContent;

describe('useSessionEnd', () => {
  it('returns null until the warning is due, and then the seconds that are left', async () => {
    limitSession(auth, IDLE);
    await renderSignedIn(<Warning />);
    await advance(14 * MINUTE - 1000);
    expect(shown()).toBe('no warning');
    await advance(2000);
    expect(shown()).toMatch(/^idle in (59|60) s$/);
    await advance(30_000);
    expect(shown()).toMatch(/^idle in (29|30) s$/);
    await advance(30_000);
    expect([shown(), auth.getSnapshot().endReason]).toEqual(['no warning', 'idle']);
  });

  it('renders once a second while the end is near, and neither the hook nor another one renders before or meanwhile', async () => {
    limitSession(auth, IDLE);
    const renders = { end: 0, auth: 0 };
    const Readers = {
      End: () => (renders.end++, (<p>{useSessionEnd()?.secondsLeft ?? '-'}</p>)),
      Auth: () => (renders.auth++, (<i>{useAuth().status}</i>)),
    };
    render(<AuthProvider client={auth}><Readers.End /><Readers.Auth /></AuthProvider>);
    await act(() => setup.signIn(auth));
    const before = { ...renders };
    await advance(13 * MINUTE);
    expect(renders).toEqual(before);
    await advance(MINUTE + 500);
    const inWarning = { ...renders };
    for (let second = 0; second < 10; second++) await advance(1000); // In React 18, one `act` renders once.
    expect(renders.end - inWarning.end).toBe(10);
    expect(renders.auth).toBe(before.auth);
  });

  it('stays signed in, for the tab and for its warning', async () => {
    limitSession(auth, IDLE);
    await renderSignedIn(<Warning />);
    await advance(14 * MINUTE + 2000);
    await act(async () => screen.getByText('stay').click());
    await advance(100);
    expect(shown()).toBe('no warning');
    await advance(13 * MINUTE);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it('signs out', async () => {
    limitSession(auth, IDLE);
    await renderSignedIn(<Warning />);
    await advance(14 * MINUTE + 2000);
    await act(async () => screen.getByText('sign out').click());
    await advance(100);
    expect([shown(), auth.getSnapshot().endReason]).toEqual(['no warning', 'sign_out']);
  });

  it('disappears when another tab is used', async () => {
    limitSession(auth, IDLE);
    const other = setup.open();
    const limits = limitSession(other.auth, IDLE);
    await renderSignedIn(<Warning />);
    await act(() => setup.world.until(other.auth.ready()));
    await advance(14 * MINUTE + 2000);
    expect(shown()).toMatch(/^idle/);
    limits.touch();
    await advance(1000);
    expect(shown()).toBe('no warning');
  });

  it('is right after a sleep that ended within the warning', async () => {
    limitSession(auth, IDLE);
    await renderSignedIn(<Warning />);
    await advance(1000);
    await act(() => setup.world.sleep(14 * MINUTE + 30_000));
    await act(async () => tab.wake('visible'));
    await advance(10);
    expect(shown()).toMatch(/^idle in (28|29|30) s$/);
  });

  it.each([[30_000, 30], [5000, 5]])('takes a warnMs of its own: %i ms', async (warnMs, seconds) => {
    limitSession(auth, IDLE);
    await renderSignedIn(<Warning warnMs={warnMs} />);
    await advance(15 * MINUTE - warnMs - 2000);
    expect(shown()).toBe('no warning');
    await advance(2500);
    expect(shown()).toMatch(new RegExp(`^idle in (${seconds}|${seconds - 1}) s$`));
  });

  it.each([0, -1, Number.NaN, 2 ** 31])('refuses a warnMs of %d', (warnMs) => {
    expect(() => render(<AuthProvider client={auth}><Warning warnMs={warnMs} /></AuthProvider>)).toThrow(expect.objectContaining({ code: 'invalid_config', field: 'warnMs' }));
  });

  it('shows the end that the API states if the app sets no limits', async () => {
    const protocol = oauth2({ tokenEndpoint: 'https://auth.test/token', clientId: 'app', resourceOrigins: ['https://api.test'] });
    const { auth: client } = setup.open({ protocol });
    render(<AuthProvider client={client}><Warning warnMs={10_000} /></AuthProvider>);
    const now = setup.world.now();
    setup.world.inWorld = () => new Promise(() => {});
    const tokens = { accessToken: 'opaque', refreshToken: 'refresh', expiresAt: now + 30_000, refreshExpiresAt: now + 60_000, issuedAt: now, scopes: [] };
    await act(async () => void (await setup.world.until(client.signIn(() => tokens))));
    await advance(52_000);
    expect(shown()).toMatch(/^refresh_token in [789] s$/);
  });

  it('leaves no timer behind', async () => {
    limitSession(auth, IDLE);
    const { unmount } = await renderSignedIn(<Warning />);
    await advance(14 * MINUTE + 2000);
    unmount();
    auth.dispose();
    expect(tab.held()).toEqual(NOTHING_HELD);
  });

  it('is null on a server, and touches nothing there', () => {
    expect(renderToString(<AuthProvider client={auth}><Warning /></AuthProvider>)).toBe('<p>no warning</p>');
    expect(tab.held()).toEqual(NOTHING_HELD);
  });
});

