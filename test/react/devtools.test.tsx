import { act, cleanup, fireEvent, render, within } from '@testing-library/react';
import type { AuthClient } from 'unexpired';
import { AuthDevtools } from 'unexpired/devtools';
import { StrictMode } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSetup, LIFETIME_MS, type Setup } from '../support/setup.ts';
import type { Tab } from '../support/world.ts';

let setup: Setup;
let tab: Tab;
let auth: AuthClient;

beforeEach(async () => {
  setup = createSetup();
  ({ tab, auth } = setup.open());
  await setup.signIn(auth);
});
afterEach(cleanup);

const advance = (ms: number) => act(() => setup.world.advance(ms));
const during = <T,>(work: Promise<T>) => act(() => setup.world.until(work));

/** Returns the shadow root and its queries. */
function inside(container: HTMLElement) {
  const root = container.querySelector('[data-unexpired-devtools]')?.shadowRoot;
  if (!root) throw new Error('The devtools have no shadow root.');
  return { root, ...within(root as unknown as HTMLElement) };
}

async function open() {
  const { container, unmount } = render(<StrictMode><AuthDevtools client={auth} initialOpen /></StrictMode>);
  await advance(300);
  return { ...inside(container), unmount };
}

const eventsIn = (view: Awaited<ReturnType<typeof open>>) => within(view.getByRole('region', { name: 'Events' })).getAllByRole('listitem').map(({ textContent }) => textContent ?? '');

describe('the devtools button', () => {
  it('shows the session state, opens the panel, and takes the focus back when Escape closes it', async () => {
    const { container } = render(<AuthDevtools client={auth} />);
    await advance(10);
    const view = inside(container);
    const button = view.getByRole('button', { name: 'fresh: session devtools' });
    expect(view.queryByRole('region', { name: 'Session devtools' })).toBeNull();
    fireEvent.click(button);
    fireEvent.keyDown(view.getByRole('region', { name: 'Session devtools' }), { key: 'Escape' });
    expect(view.queryByRole('region', { name: 'Session devtools' })).toBeNull();
    expect(view.root.activeElement).toBe(button);
  });
});

describe('the devtools panel', () => {
  it('logs the rejected call, the one refresh and the replay, in this order', async () => {
    const view = await open();
    setup.api.revokeAccessTokens();
    await during(auth.fetch('/posts'));
    await advance(100);
    const logged = eventsIn(view).reverse().join('\n');
    const order = ['GET /v1/posts', 'Call 1 sent', 'Call 1 answered 401', 'Lock taken', 'Refresh sent', 'Refresh answered: granted', 'New tokens', 'Call 1 replayed', 'Call 1 done: 200'];
    expect(order.map((words) => logged.indexOf(words)).every((place, index, places) => place >= 0 && place > (places[index - 1] ?? -1))).toBe(true);
  });

  it('explains why a session ended', async () => {
    const view = await open();
    setup.api.endSession({}, 451);
    await advance(LIFETIME_MS);
    expect(view.getByRole('img', { name: 'State of the session: signed out' })).toBeTruthy();
    expect(view.getAllByText(/The API rejected the refresh token\. It was revoked/).length).toBeGreaterThan(0);
  });

  it('shows another tab in its own lane, and that this tab adopted the token of the other one', async () => {
    const view = await open();
    const other = setup.open();
    const { container } = render(<AuthDevtools client={other.auth} />);
    await advance(300);
    expect(inside(container)).toBeTruthy();
    await during(other.auth.refresh());
    await advance(300);
    expect(view.getByRole('region', { name: /^tab .+$/ })).toBeTruthy();
    expect(eventsIn(view).some((line) => line.includes('this tab') && line.includes('New tokens From another tab'))).toBe(true);
    expect(eventsIn(view).some((line) => line.includes('New tokens By this tab') && !line.includes('this tabNew'))).toBe(true);
  });

  it('hides unchecked topics, freezes while paused, and can be cleared', async () => {
    const view = await open();
    await during(auth.fetch('/posts'));
    await advance(100);
    fireEvent.click(view.getByRole('checkbox', { name: 'calls' }));
    expect(eventsIn(view).some((line) => line.includes('Call 1'))).toBe(false);
    fireEvent.click(view.getByRole('checkbox', { name: 'calls' }));
    fireEvent.click(view.getByRole('button', { name: 'Pause' }));
    await during(auth.fetch('/posts'));
    await advance(100);
    expect(eventsIn(view).some((line) => line.includes('Call 2'))).toBe(false);
    fireEvent.click(view.getByRole('button', { name: 'Pause' }));
    expect(eventsIn(view).some((line) => line.includes('Call 2'))).toBe(true);
    fireEvent.click(view.getByRole('button', { name: 'Clear' }));
    expect(view.queryAllByRole('listitem').filter(({ textContent }) => textContent?.includes('Call'))).toEqual([]);
  });

  it('goes from event to event with the arrow keys', async () => {
    const view = await open();
    await during(auth.fetch('/posts'));
    await advance(100);
    const chart = view.getByRole('group', { name: /Timeline of all tabs/ });
    fireEvent.keyDown(chart, { key: 'ArrowLeft' });
    expect(view.getByText(/Call 1 done: 200/, { selector: '.pointed-words strong' })).toBeTruthy();
    fireEvent.keyDown(chart, { key: 'ArrowLeft' });
    expect(view.getByText(/Call 1 answered 200/, { selector: '.pointed-words strong' })).toBeTruthy();
  });
});

describe('the devtools timeline', () => {
  it('counts failed refreshes apart from successful ones', async () => {
    const view = await open();
    setup.api.addFault({ kind: 'status', status: 503, endpoint: 'refresh', times: 2 });
    await during(auth.refresh());
    await advance(300);
    expect(view.getByRole('region', { name: 'this tab' }).textContent).toContain('1 refresh, 2 failed refreshes');
  });

  it('draws a replayed call that was answered as rejected and then good, not as failed', async () => {
    const view = await open();
    setup.api.revokeAccessTokens();
    await during(auth.fetch('/posts'));
    await advance(300);
    expect([...view.root.querySelectorAll('.track-calls .bar')].map(({ className }) => className)).toEqual(['bar bar-rejected', 'bar bar-call']);
  });

  it('shows the lifetime that the token states, to the second', async () => {
    const view = await open();
    expect(view.getByText(`of ${LIFETIME_MS / 60_000} min`)).toBeTruthy();
    expect(eventsIn(view).join()).toContain(`Lifetime ${LIFETIME_MS / 60_000} min`);
  });
});

describe('the devtools actions', () => {
  it('corrupt the token, so that the next call is rejected once and replayed with a valid token', async () => {
    const view = await open();
    fireEvent.click(view.getByRole('button', { name: 'Corrupt token' }));
    const response = await during(auth.fetch('/posts'));
    expect(response.status).toBe(200);
    await during(auth.fetch('/posts'));
    expect(setup.answers('posts')).toEqual([401, 200, 200]);
  });

  it('expire the token, so that it is refreshed at once', async () => {
    const view = await open();
    fireEvent.click(view.getByRole('button', { name: 'Expire token' }));
    await advance(1000);
    expect(setup.answers('refresh')).toEqual([200]);
  });

  it('simulate offline, so that the session waits and recovers', async () => {
    const view = await open();
    const offline = view.getByRole('button', { name: 'Offline' });
    fireEvent.click(offline);
    expect(offline.getAttribute('aria-pressed')).toBe('true');
    await advance(LIFETIME_MS);
    expect(view.getByRole('img', { name: 'State of the session: waiting' })).toBeTruthy();
    fireEvent.click(offline);
    await advance(1000);
    expect(view.getByRole('img', { name: 'State of the session: fresh' })).toBeTruthy();
  });

  it('show the error when a refresh fails', async () => {
    const view = await open();
    setup.api.addFault({ kind: 'status', status: 503, endpoint: 'refresh', times: 9 });
    fireEvent.click(view.getByRole('button', { name: 'Refresh now' }));
    await advance(15_000);
    expect(view.getAllByText(/could not be refreshed/).length).toBeGreaterThan(0);
  });

  it('say why they are disabled after a sign-out, and keep the focus', async () => {
    const view = await open();
    const signOut = view.getByRole('button', { name: 'Sign out' });
    signOut.focus();
    fireEvent.click(signOut);
    await advance(100);
    expect(auth.getSnapshot().status).toBe('signedOut');
    expect(view.root.activeElement).toBe(signOut);
    for (const name of ['Refresh now', 'Expire token', 'Corrupt token', 'Sign out']) {
      const button = view.getByRole('button', { name });
      expect(button.getAttribute('aria-disabled')).toBe('true');
      expect(view.root.getElementById(button.getAttribute('aria-describedby') ?? '')?.textContent).toBe('No session to act on. Sign in first.');
      fireEvent.click(button);
    }
    await advance(1000);
    expect(setup.answers('refresh')).toEqual([]);
  });
});

// claim: no-token-in-the-devtools-dom
it('keeps every piece of a token out of the devtools’ DOM, even with the claims unfolded', async () => {
  const view = await open();
  await during(auth.fetch('/posts'));
  await during(auth.refresh());
  await advance(300);
  fireEvent.click(view.getByText('Token claims'));
  const tokens = auth.getSnapshot().tokens!;
  const idToken = 'id-token-of-the-user-that-is-kept';
  await during(auth.signIn({ ...tokens, extra: { id_token: idToken } }));
  expect(view.root.innerHTML).toContain('Lock taken');
  for (const secret of [tokens.accessToken, String(tokens.refreshToken), idToken]) {
    for (let start = 0; start + 16 <= secret.length; start += 1) expect(view.root.innerHTML).not.toContain(secret.slice(start, start + 16));
  }
});

it('releases every timer, listener and channel when the devtools are unmounted', async () => {
  const before = tab.held();
  const view = await open();
  expect(tab.held()).not.toEqual(before);
  view.unmount();
  await advance(1);
  expect(tab.held()).toEqual(before);
});
