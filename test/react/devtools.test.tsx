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

/** What is inside the shadow root. */
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

describe('the button', () => {
  it('says the state of the session, opens the panel, and has the focus again when Escape closes it', async () => {
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

describe('the panel', () => {
  it('tells a call that was rejected, the one refresh, and the replay, in that order', async () => {
    const view = await open();
    setup.api.revokeAccessTokens();
    await during(auth.fetch('/posts'));
    await advance(100);
    const told = eventsIn(view).reverse().join('\n');
    const order = ['GET /v1/posts', 'Call 1 sent', 'Call 1 answered 401', 'Lock taken', 'Refresh sent', 'Refresh answered: granted', 'New tokens', 'Call 1 replayed', 'Call 1 done: 200'];
    expect(order.map((words) => told.indexOf(words)).every((place, index, places) => place >= 0 && place > (places[index - 1] ?? -1))).toBe(true);
  });

  it('says why a session ended, to somebody who has never heard of it', async () => {
    const view = await open();
    setup.api.endSession({}, 451);
    await advance(LIFETIME_MS);
    expect(view.getByRole('img', { name: 'State of the session: signed out' })).toBeTruthy();
    expect(view.getAllByText(/The API refused the refresh token \(451\)/).length).toBeGreaterThan(0);
  });

  it('shows what another tab did in a lane of its own, and that this one adopted it', async () => {
    const view = await open();
    const other = setup.open();
    const { container } = render(<AuthDevtools client={other.auth} />);
    await advance(300);
    expect(inside(container)).toBeTruthy();
    await during(other.auth.refresh());
    await advance(300);
    expect(view.getByRole('region', { name: /^tab .+$/ })).toBeTruthy();
    expect(eventsIn(view).some((line) => line.includes('this tab') && line.includes('New tokens by another tab'))).toBe(true);
    expect(eventsIn(view).some((line) => line.includes('New tokens by this tab') && !line.includes('this tabNew'))).toBe(true);
  });

  it('leaves out what is not ticked, stands still while paused, and can be emptied', async () => {
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

  it('goes from event to event by the arrow keys', async () => {
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

describe('the actions', () => {
  it('damage the token: the next call is rejected once, and replayed with a new token that is not damaged', async () => {
    const view = await open();
    fireEvent.click(view.getByRole('button', { name: 'Damage the access token' }));
    const response = await during(auth.fetch('/posts'));
    expect(response.status).toBe(200);
    await during(auth.fetch('/posts'));
    expect(setup.answers('posts')).toEqual([401, 200, 200]);
  });

  it('let the token count as expired: it is refreshed at once', async () => {
    const view = await open();
    fireEvent.click(view.getByRole('button', { name: 'Treat as expired' }));
    await advance(1000);
    expect(setup.answers('refresh')).toEqual([200]);
  });

  it('take the network away, and bring it back', async () => {
    const view = await open();
    const offline = view.getByRole('button', { name: 'Simulate offline' });
    fireEvent.click(offline);
    expect(offline.getAttribute('aria-pressed')).toBe('true');
    await advance(LIFETIME_MS);
    expect(view.getByRole('img', { name: 'State of the session: waiting' })).toBeTruthy();
    fireEvent.click(offline);
    await advance(1000);
    expect(view.getByRole('img', { name: 'State of the session: fresh' })).toBeTruthy();
  });

  it('say what went wrong, where something does', async () => {
    const view = await open();
    setup.api.addFault({ kind: 'status', status: 503, endpoint: 'refresh', times: 9 });
    fireEvent.click(view.getByRole('button', { name: 'Refresh now' }));
    await advance(15_000);
    expect(view.getAllByText(/could not be refreshed/).length).toBeGreaterThan(0);
  });

  it('sign out, and have nothing left to act on', async () => {
    const view = await open();
    fireEvent.click(view.getByRole('button', { name: 'Sign out' }));
    await advance(100);
    expect(auth.getSnapshot().status).toBe('signedOut');
    expect(view.getByRole('button', { name: 'Refresh now' })).toHaveProperty('disabled', true);
  });
});

// claim: no-token-in-the-devtools-dom
it('never has a piece of a token in the DOM, the claims unfolded and all', async () => {
  const view = await open();
  await during(auth.fetch('/posts'));
  await during(auth.refresh());
  await advance(300);
  fireEvent.click(view.getByText('Claims of the access token'));
  const { accessToken, refreshToken = '' } = auth.getSnapshot().tokens ?? { accessToken: '' };
  expect(view.root.innerHTML).toContain('Lock taken');
  for (const secret of [accessToken, refreshToken]) {
    for (let start = 0; start + 16 <= secret.length; start += 1) expect(view.root.innerHTML).not.toContain(secret.slice(start, start + 16));
  }
});

it('holds nothing once it is unmounted', async () => {
  const before = tab.held();
  const view = await open();
  expect(tab.held()).not.toEqual(before);
  view.unmount();
  await advance(1);
  expect(tab.held()).toEqual(before);
});
