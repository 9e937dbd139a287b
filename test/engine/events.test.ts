import type { AuthClient, ClientEvent } from 'unexpired/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createScene, LIFETIME_MS, type Scene } from '../support/scene.ts';

let scene: Scene;
let auth: AuthClient;
let events: ClientEvent[];

beforeEach(() => {
  scene = createScene();
  ({ auth } = scene.open());
  events = [];
  auth.on((event) => events.push(event));
});

const types = () => events.map(({ type }) => type);
const facts = (wanted: string) => events.filter(({ type }) => type === wanted).map(({ at: _, type: _type, ...rest }) => rest);

describe('who watches a client', () => {
  it('is told of a call with its two attempts, and of the refresh between them', async () => {
    await scene.signIn(auth);
    events.length = 0;
    scene.api.revokeAccessTokens();
    await scene.world.until(auth.fetch('/posts?secret=1'));
    expect(types()).toEqual([
      'callStarted', 'callSent', 'callAnswered',
      'lockTaken', 'recordWritten', 'refreshSent', 'refreshAnswered', 'recordWritten', 'callSent', 'lockReleased',
      'callAnswered', 'callSettled',
    ]);
    expect(facts('callStarted')).toEqual([{ call: 1, method: 'GET', address: 'https://api.bonfire.test/v1/posts' }]);
    expect(facts('callAnswered')).toEqual([{ call: 1, attempt: 1, status: 401 }, { call: 1, attempt: 2, status: 200 }]);
    expect(facts('refreshAnswered')).toMatchObject([{ sessionId: auth.getSnapshot().sessionId, generation: 1, outcome: 'granted' }]);
  });

  it('is told the code of an error, and the name of one that is not ours', async () => {
    await scene.world.until(auth.fetch('/users/me/posts', { method: 'POST' }).catch(() => undefined));
    await scene.signIn(auth);
    auth.pretend('offline');
    await scene.world.until(auth.fetch('/posts').catch(() => undefined));
    expect(facts('callFailed')).toEqual([{ call: 1, error: 'signed_out' }, { call: 2, error: 'TypeError' }]);
  });

  it('is told nothing any more once it stops', async () => {
    const stop = auth.on((event) => events.push(event));
    stop();
    await scene.signIn(auth);
    expect(types().filter((type) => type === 'signInAsked')).toHaveLength(1);
  });

  it('does no harm by throwing: the page hears of it', async () => {
    const raised: unknown[] = [];
    const { tab } = scene.open();
    const { auth: watched } = scene.open({ platform: { ...tab.platform, setTimer: (callback, delayMs) => tab.platform.setTimer(() => { try { callback(); } catch (error) { raised.push(error); } }, delayMs) } });
    watched.on(() => {
      throw new Error('broken devtools');
    });
    await scene.signIn(watched);
    await scene.world.advance(1);
    expect(watched.getSnapshot().status).toBe('signedIn');
    expect(raised).toContainEqual(new Error('broken devtools'));
  });

  // claim: no-token-in-an-event
  it('never sees a token', async () => {
    await scene.signIn(auth);
    const { accessToken, refreshToken = '' } = auth.getSnapshot().tokens ?? { accessToken: '' };
    await scene.world.until(auth.fetch(`/posts?token=${accessToken}`));
    await scene.world.until(auth.refresh());
    await scene.world.until(auth.signOut());
    const told = JSON.stringify(events);
    for (const secret of [accessToken, refreshToken]) expect(told).not.toContain(secret.slice(-16));
  });
});

describe('what a client can be made to believe', () => {
  beforeEach(async () => {
    await scene.signIn(auth);
    scene.api.clearCalls();
  });

  it('an expired token is renewed before the next call is sent', async () => {
    auth.pretend('expired');
    const response = await scene.world.until(auth.fetch('/posts'));
    expect(response.status).toBe(200);
    expect(scene.api.calls.map(({ endpoint }) => endpoint)).toEqual(['refresh', 'posts']);
  });

  it('no network: calls fail as they do without one, and nothing reaches the API until it is back', async () => {
    auth.pretend('offline');
    const failure = await scene.world.until(auth.fetch('/posts').catch((error: unknown) => error));
    expect(failure).toBeInstanceOf(TypeError);
    await scene.world.advance(LIFETIME_MS * 2);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'waiting' } });
    expect(scene.api.calls).toHaveLength(0);
    auth.pretend('online');
    await vi.waitFor(async () => {
      await scene.world.advance(100);
      expect(auth.getSnapshot().refresh.state).toBe('idle');
    });
    expect(scene.answers('refresh')).toEqual([200]);
  });
});
