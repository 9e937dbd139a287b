import { observe, type AuthClient, type ClientEvent } from 'unexpired/core';
import { simulate } from 'unexpired/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { createSetup, LIFETIME_MS, type Setup } from '../support/setup.ts';

let setup: Setup;
let auth: AuthClient;
let events: ClientEvent[];

beforeEach(() => {
  setup = createSetup();
  ({ auth } = setup.open());
  events = [];
  observe(auth, (event) => events.push(event));
});

const types = () => events.map(({ type }) => type);
const facts = (wanted: string) => events.filter(({ type }) => type === wanted).map(({ at: _, type: _type, ...rest }) => rest);

describe('a listener of a client', () => {
  it('receives the events of a call with its two sends, and of the refresh between them', async () => {
    await setup.signIn(auth);
    events.length = 0;
    setup.api.revokeAccessTokens();
    await setup.world.until(auth.fetch('/posts?secret=1'));
    expect(types()).toEqual([
      'callStarted', 'callSent', 'callAnswered',
      'lockTaken', 'recordWritten', 'refreshSent', 'refreshAnswered', 'recordWritten', 'callSent', 'lockReleased',
      'callAnswered', 'callSettled',
    ]);
    expect(facts('callStarted')).toEqual([{ call: 1, method: 'GET', address: 'https://api.bonfire.test/v1/posts' }]);
    expect(facts('callAnswered')).toEqual([{ call: 1, send: 1, status: 401 }, { call: 1, send: 2, status: 200 }]);
    expect(facts('refreshAnswered')).toMatchObject([{ sessionId: auth.getSnapshot().sessionId, generation: 1, outcome: 'granted' }]);
  });

  it('receives the code of an AuthError, and the name of any other error', async () => {
    await setup.world.until(auth.fetch('/users/me/posts', { method: 'POST' }).catch(() => undefined));
    await setup.signIn(auth);
    simulate(auth, 'offline');
    await setup.world.until(auth.fetch('/posts').catch(() => undefined));
    expect(facts('callFailed')).toEqual([{ call: 1, error: 'signed_out' }, { call: 2, error: 'TypeError' }]);
  });

  it('receives nothing after it is removed', async () => {
    const stop = observe(auth, (event) => events.push(event));
    stop();
    await setup.signIn(auth);
    expect(types().filter((type) => type === 'signInStarted')).toHaveLength(1);
  });

  it('that throws does not affect the client, and its error is reported', async () => {
    const { auth: observed, tab } = setup.open();
    observe(observed, () => {
      throw new Error('broken devtools');
    });
    await setup.signIn(observed);
    await setup.world.advance(1);
    expect(observed.getSnapshot().status).toBe('signedIn');
    expect(tab.reports).toContainEqual(new Error('broken devtools'));
  });

  // claim: no-token-in-an-event
  it('never receives a token', async () => {
    await setup.signIn(auth);
    const { accessToken, refreshToken } = auth.getSnapshot().tokens ?? { accessToken: '' };
    await setup.world.until(auth.fetch(`/posts?token=${accessToken}`));
    await setup.world.until(auth.refresh());
    await setup.world.until(auth.signOut());
    const received = JSON.stringify(events);
    for (const secret of [accessToken, String(refreshToken)]) expect(received).not.toContain(secret.slice(-16));
  });
});

describe('simulating', () => {
  beforeEach(async () => {
    await setup.signIn(auth);
    setup.api.clearCalls();
  });

  it('an expired token makes the client refresh before it sends the next call', async () => {
    simulate(auth, 'expired');
    const response = await setup.world.until(auth.fetch('/posts'));
    expect(response.status).toBe(200);
    expect(setup.api.calls.map(({ endpoint }) => endpoint)).toEqual(['refresh', 'posts']);
  });

  it('a missing network makes calls fail, and nothing reaches the API until the network is back', async () => {
    simulate(auth, 'offline');
    const failure = await setup.world.until(auth.fetch('/posts').catch((error: unknown) => error));
    expect(failure).toBeInstanceOf(TypeError);
    await setup.world.advance(LIFETIME_MS * 2);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'waiting' } });
    expect(setup.api.calls).toHaveLength(0);
    simulate(auth, 'online');
    await eventually(async () => {
      await setup.world.advance(100);
      expect(auth.getSnapshot().refresh.state).toBe('idle');
    });
    expect(setup.answers('refresh')).toEqual([200]);
  });
});
