import { watchServer, type ServerEvents } from 'unexpired/via-server';
import { beforeEach, describe, expect, it } from 'vitest';
import { createEventSource } from '../support/event-connection.ts';
import { createServerSetup, type ServerSetup } from '../support/server-setup.ts';
import { NOTHING_HELD } from '../support/setup.ts';

let setup: ServerSetup;
let connections: Connection[];
beforeEach(() => {
  setup = createServerSetup();
  connections = [];
});

/** A connection whose events the test sends. */
class Connection implements ServerEvents {
  readyState = 1;
  readonly url: string;
  readonly listeners = new Map<string, (event: { readonly data?: unknown }) => void>();

  constructor(url: string) {
    this.url = url;
    connections.push(this);
  }

  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void {
    this.listeners.set(type, listener);
  }

  close(): void {
    this.readyState = 2;
  }

  send(snapshot: object): void {
    this.listeners.get('session')?.({ data: JSON.stringify(snapshot) });
  }

  fail(readyState: number): void {
    this.readyState = readyState;
    this.listeners.get('error')?.({});
  }
}

const alive = () => connections.filter(({ readyState }) => readyState !== 2);
const SIGNED_OUT = { status: 'signedOut', session: null, subject: null, expiresAt: null, endReason: null };

function openWatching(options: Parameters<ServerSetup['open']>[1] = {}) {
  const opened = setup.open({}, options);
  return { ...opened, stop: watchServer(opened.auth, { EventSource: Connection }) };
}

describe('a browser that watches the server', () => {
  it('has one connection over 4 tabs, and another tab takes it over if its tab is closed', async () => {
    const tabs = Array.from({ length: 4 }, () => openWatching());
    await setup.signIn(tabs[0]!.auth);
    await setup.world.advance(100);
    expect(connections.map(({ url }) => url)).toEqual(['https://app.bonfire.test/auth/events']);
    const leader = tabs.find(({ tab }) => tab.held().locks > 0)!;
    leader.tab.kill();
    await setup.world.advance(100);
    expect(connections).toHaveLength(2);
  });

  it('has one connection for each tab if there are no locks', async () => {
    const tabs = Array.from({ length: 3 }, () => openWatching({ hasLocks: false }));
    await setup.signIn(tabs[0]!.auth);
    await setup.world.advance(100);
    expect(alive()).toHaveLength(3);
  });

  it('has no connection while no user is signed in', async () => {
    const { auth } = openWatching();
    await setup.world.until(auth.ready());
    expect(connections).toEqual([]);
    await setup.signIn(auth);
    await setup.world.advance(100);
    expect(alive()).toHaveLength(1);
    await setup.world.until(auth.signOut());
    await setup.world.advance(100);
    expect(alive()).toEqual([]);
  });

  it('signs all tabs out within a second if the session has ended on the server', async () => {
    const tabs = [openWatching(), openWatching()];
    await setup.signIn(tabs[0]!.auth);
    await setup.world.advance(100);
    await setup.world.until(setup.sessions[1]!.endAll('ann'));
    alive()[0]!.send(SIGNED_OUT);
    await setup.world.advance(1000);
    expect(tabs.map(({ auth }) => auth.getSnapshot().status)).toEqual(['signedOut', 'signedOut']);
    expect(alive()).toEqual([]);
    expect(setup.asked()).toEqual(['sign-in 200', 'session 401']);
  });

  it('asks nothing if the server has the same session', async () => {
    const { auth } = openWatching();
    await setup.signIn(auth);
    await setup.world.advance(100);
    const { session } = auth.getSnapshot().tokens!.extra!;
    alive()[0]!.send({ status: 'signedIn', session, subject: 'ann', expiresAt: null, endReason: null });
    alive()[0]!.listeners.get('session')?.({ data: 'no JSON' });
    await setup.world.advance(1000);
    expect(setup.asked()).toEqual(['sign-in 200']);
  });

  it('shows another user who has signed in at the server', async () => {
    const { auth } = openWatching();
    await setup.signIn(auth, 'ann');
    await setup.world.advance(100);
    await setup.signInByServer('ben');
    alive()[0]!.send({ ...SIGNED_OUT, status: 'signedIn', session: 'that-of-ben' });
    await setup.world.advance(1000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', tokens: { extra: { subject: 'ben' } } });
  });

  it('does not end a session by an event alone, if the server still has it', async () => {
    const { auth } = openWatching();
    await setup.signIn(auth);
    await setup.world.advance(100);
    alive()[0]!.send(SIGNED_OUT);
    await setup.world.advance(1000);
    expect(auth.getSnapshot().status).toBe('signedIn');
    expect(setup.asked()).toEqual(['sign-in 200', 'session 200']);
  });

  it('connects again with growing waits if the server refuses, and leaves a network error to the browser', async () => {
    const { auth } = openWatching();
    await setup.signIn(auth);
    await setup.world.advance(100);
    connections[0]!.fail(0);
    await setup.world.advance(5000);
    expect(connections).toHaveLength(1);
    for (let failures = 0; failures < 8; failures++) {
      connections.at(-1)!.fail(2);
      await setup.world.advance(60_000);
    }
    expect(connections).toHaveLength(9);
    connections.at(-1)!.fail(2);
    await setup.world.advance(25_000);
    expect(connections).toHaveLength(9);
  });

  it('holds nothing after it was stopped, or after its client was disposed', async () => {
    const [first, second] = [openWatching(), openWatching()];
    await setup.signIn(first.auth);
    await setup.world.advance(100);
    first.stop();
    first.stop();
    second.auth.dispose();
    first.auth.dispose();
    await setup.world.advance(60_000);
    expect(alive()).toEqual([]);
    expect([first.tab.held(), second.tab.held()]).toEqual([NOTHING_HELD, NOTHING_HELD]);
  });

  it('does nothing on a platform without EventSource', async () => {
    const { auth } = setup.open();
    const stop = watchServer(auth, { EventSource: undefined });
    await setup.signIn(auth);
    stop();
    expect(connections).toEqual([]);
  });
});

describe('a browser that watches a real server', () => {
  /** Opens tabs whose connection goes to the instances in turn. */
  function openTabs(count: number) {
    return Array.from({ length: count }, () => {
      const opened = setup.open();
      const EventSource = createEventSource((path) => setup.send(path, { headers: { 'sec-fetch-site': 'same-origin' } }), opened.tab.platform.setTimer);
      return { ...opened, stop: watchServer(opened.auth, { EventSource }) };
    });
  }

  it('signs 4 tabs out within a second after another instance has ended all sessions of the user', async () => {
    const tabs = openTabs(4);
    await setup.signIn(tabs[0]!.auth);
    await setup.world.advance(100);
    await setup.world.until(setup.sessions[0]!.endAll('ann'));
    await setup.world.advance(1000);
    expect(tabs.map(({ auth }) => auth.getSnapshot().status)).toEqual(Array(4).fill('signedOut'));
    expect(setup.asked().filter((line) => line.startsWith('session'))).toEqual(['session 401']);
  });

  it('shows another user in all tabs within a second after a sign-in at the server', async () => {
    const tabs = openTabs(3);
    await setup.signIn(tabs[0]!.auth, 'ann');
    await setup.world.advance(100);
    await setup.signInByServer('ben');
    await setup.world.advance(1000);
    expect(tabs.map(({ auth }) => auth.getSnapshot().tokens?.extra?.['subject'])).toEqual(['ben', 'ben', 'ben']);
  });

  it('keeps the user signed in while all instances restart, and follows the new ones', async () => {
    const tabs = openTabs(2);
    await setup.signIn(tabs[0]!.auth);
    await setup.world.advance(100);
    setup.answer = () => new Response('', { status: 502 });
    await setup.restart();
    await setup.world.advance(10_000);
    setup.answer = null;
    await setup.world.advance(60_000);
    expect(tabs[1]!.auth.getSnapshot().status).toBe('signedIn');
    await setup.world.until(setup.sessions[0]!.endAll('ann'));
    await setup.world.advance(1000);
    expect(tabs[1]!.auth.getSnapshot().status).toBe('signedOut');
  });
});

it('a page that has the access token in memory follows the server, too', async () => {
  setup = createServerSetup('page');
  const tabs = [openWatching(), openWatching()];
  await setup.signIn(tabs[0]!.auth, 'ann');
  await setup.world.until(Promise.all(tabs.map(({ auth }) => auth.getAccessToken())));
  const { session } = tabs[0]!.auth.getSnapshot().tokens!.extra!;
  alive()[0]!.send({ ...SIGNED_OUT, status: 'signedIn', session });
  await setup.world.advance(1000);
  expect(setup.asked()).toEqual(['sign-in 200', 'token 200']);
  await setup.world.until(setup.sessions[1]!.endAll('ann'));
  alive()[0]!.send(SIGNED_OUT);
  await setup.world.advance(1000);
  expect(tabs.map(({ auth }) => auth.getSnapshot().status)).toEqual(['signedOut', 'signedOut']);
});
