import { browserPlatform } from 'unexpired/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BASE_URL, createScene, LIFETIME_MS, NOTHING_HELD, rejection, type Scene } from '../support/scene.ts';
import { collectTimerErrors } from '../support/timer-errors.ts';

let scene: Scene;
beforeEach(() => {
  scene = createScene();
});
afterEach(() => void vi.unstubAllGlobals());

describe('refresh()', () => {
  it('sends one request for each of three calls made one after the other', async () => {
    const { auth } = await scene.openSignedIn();
    const first = await scene.world.until(auth.refresh());
    const [second, third] = await scene.world.until((async () => [await auth.refresh(), await auth.refresh()])());
    expect(new Set([first, second, third].map((tokens) => tokens?.accessToken)).size).toBe(3);
    expect(scene.api.counts).toMatchObject({ refreshes: 3, reuses: 0 });
  });
});

describe('a Retry-After header', () => {
  it.each([0, 'Sun, 06 Nov 1994 08:49:37 GMT'])('of %s allows at most 20 attempts in 30 s', async (retryAfter) => {
    await scene.openSignedIn();
    scene.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503, retryAfter });
    await scene.world.advance(LIFETIME_MS);
    scene.api.clearCalls();
    await scene.world.advance(30_000);
    expect(scene.answers('refresh').length).toBeLessThanOrEqual(20);
  });

  it('of three years delays the next refresh by less than two hours', async () => {
    const { auth } = await scene.openSignedIn();
    scene.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503, retryAfter: 99_999_999, times: 1 });
    await scene.world.advance(2 * 3_600_000);
    expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });
});

describe('an endpoint that always answers 450', () => {
  it('causes at most two refreshes when two tabs call it 10 times each in turn', async () => {
    const [first, second] = [await scene.openSignedIn(), scene.open()];
    await scene.world.until(second.auth.getAccessToken());
    scene.api.addFault({ endpoint: 'me', kind: 'error', code: 450 });
    for (let turn = 0; turn < 10; turn++) {
      for (const { auth } of [first, second]) await scene.world.until(auth.fetch('/users/me'));
      await scene.world.advance(50);
    }
    expect(scene.api.counts.refreshes).toBeLessThanOrEqual(2);
  });

  it('causes at most two refreshes for 10 calls with a stream as body', async () => {
    const { auth } = await scene.openSignedIn();
    scene.api.addFault({ endpoint: 'myPosts', kind: 'error', code: 450 });
    for (let turn = 0; turn < 10; turn++) {
      const body = new Blob(['{"text":"streamed"}']).stream();
      await scene.world.until(auth.fetch('/users/me/posts', { method: 'POST', body, duplex: 'half' } as RequestInit));
      await scene.world.advance(500);
    }
    expect(scene.api.counts.refreshes).toBeLessThanOrEqual(2);
  });
});

describe('getAccessToken', () => {
  it('ignores an undefined `minValidityMs`, and refuses NaN, a negative number and a string', async () => {
    const { auth } = await scene.openSignedIn();
    const options: object = { minValidityMs: undefined };
    expect(await scene.world.until(auth.getAccessToken(options))).toBe(auth.getSnapshot().tokens?.accessToken);
    for (const minValidityMs of [NaN, -1, '5s' as never]) {
      expect(await scene.world.until(rejection(auth.getAccessToken({ minValidityMs })))).toMatchObject({ code: 'invalid_config', field: 'minValidityMs' });
    }
    expect(scene.answers('refresh')).toEqual([]);
  });
});

describe('a client whose storage fails for a while', () => {
  const openWith = (broken: { full: boolean }) => {
    const tab = scene.world.openTab();
    const { update } = tab.platform.storage;
    const storage = { ...tab.platform.storage, update: (key: string, change: (current: unknown) => unknown) => (broken.full ? Promise.reject(new Error('full')) : update(key, change)) };
    return { ...scene.open({ platform: { ...tab.platform, storage } }), tab };
  };

  it('still follows a later sign-out of another tab, even if it refreshed meanwhile', async () => {
    const broken = { full: false };
    const [first, second] = [openWith(broken), scene.open()];
    await scene.signIn(first.auth);
    await scene.world.until(second.auth.getAccessToken());
    broken.full = true;
    for (let refresh = 0; refresh < 3; refresh++) await scene.world.until(first.auth.refresh());
    broken.full = false;
    await scene.world.until(second.auth.signOut());
    await scene.world.advance(LIFETIME_MS * 2);
    expect(first.auth.getSnapshot().status).toBe('signedOut');
    expect(scene.storedText()).not.toContain('eyJ');
  });

  it('still reads the tokens that another tab refreshed, if only its own writes fail', async () => {
    const broken = { full: false };
    const [first, second] = [scene.open(), openWith(broken)];
    await scene.signIn(first.auth);
    await scene.world.until(second.auth.getAccessToken());
    broken.full = true;
    const end = scene.api.addFault({ kind: 'status', status: 503, endpoint: 'refresh' });
    await scene.world.until(rejection(second.auth.refresh()));
    end();
    await scene.world.until(first.auth.refresh());
    await scene.world.advance(LIFETIME_MS * 2);
    for (const { auth } of [first, second]) expect(auth.getSnapshot().status).toBe('signedIn');
    expect(scene.api.counts.reuses).toBe(0);
  });

  it('stores the rotated tokens at the next wake, so a reload sends no spent refresh token', async () => {
    const broken = { full: false };
    const { auth, tab } = openWith(broken);
    await scene.signIn(auth);
    broken.full = true;
    await scene.world.until(auth.refresh());
    broken.full = false;
    tab.wake('visible');
    await scene.world.advance(1000);
    tab.kill();
    await scene.world.until(scene.open().auth.refresh());
    expect(scene.api.counts).toMatchObject({ refreshes: 2, reuses: 0 });
  });

  it('shows the status loading until the first read succeeds', async () => {
    const first = await scene.openSignedIn();
    first.tab.kill();
    scene.world.storage.fails = new Error('hiccup');
    const { auth } = scene.open();
    auth.subscribe(() => undefined);
    await scene.world.advance(100);
    expect(auth.getSnapshot().status).toBe('loading');
    scene.world.storage.fails = null;
    await scene.world.advance(1000);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it('shows the session once storage works after 8 s, without a focus or a message', async () => {
    const first = await scene.openSignedIn();
    first.tab.kill();
    scene.world.storage.fails = new Error('busy');
    const { auth } = scene.open();
    auth.subscribe(() => undefined);
    await scene.world.advance(8000);
    expect(auth.getSnapshot().status).toBe('signedOut');
    scene.world.storage.fails = null;
    await scene.world.advance(10_000);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

});

describe('a client', () => {
  it('whose storage never answers still refreshes and replays a rejected call', async () => {
    const never = new Promise<never>(() => undefined);
    const { auth } = scene.open({ storage: { name: 'stuck', read: () => never, update: () => never } });
    await scene.signIn(auth);
    scene.api.revokeAccessTokens();
    expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });

  it('refreshes in a browser that refuses its Web Locks', async () => {
    const tab = scene.world.openTab();
    const refuse = () => Promise.reject(new DOMException('no', 'SecurityError'));
    const { auth } = scene.open({ platform: { ...tab.platform, locks: { hold: refuse, isHeld: refuse } } });
    await scene.signIn(auth);
    await scene.world.advance(LIFETIME_MS * 2);
    expect(scene.api.counts.refreshes).toBeGreaterThan(0);
  });

  it('ends a wait for a Web Lock that is aborted, and requests no other lock', async () => {
    const requested: string[] = [];
    const request = (name: string, { signal }: LockOptions) => {
      requested.push(name);
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
    };
    vi.stubGlobal('navigator', { locks: { request } });
    const giveUp = new AbortController();
    const task = vi.fn(() => Promise.resolve());
    const held = rejection(browserPlatform().locks!.hold('a', 60_000, task, giveUp.signal));
    giveUp.abort();
    expect(await held).toMatchObject({ name: 'AbortError' });
    expect([requested, task.mock.calls]).toEqual([['a'], []]);
  });

  it('refreshes, sends calls and signs out in a browser that refuses BroadcastChannel', async () => {
    const { platform } = scene.world.openTab();
    vi.stubGlobal('BroadcastChannel', function refuse() {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    });
    const { auth } = scene.open({ platform: { ...platform, openChannel: browserPlatform().openChannel } });
    await scene.signIn(auth);
    await scene.world.advance(LIFETIME_MS * 2);
    expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
    await scene.world.until(auth.signOut());
    expect(auth.getSnapshot().status).toBe('signedOut');
  });
});

describe('an app', () => {
  it('that redeems a code twice, as by a double click, is signed in although the second request is refused', async () => {
    const { auth } = scene.open();
    let used = false;
    const redeem = async () => {
      if (used) throw new Error('HTTP 400: the code was used');
      used = true;
      await scene.world.openTab().platform.fetch('https://api.bonfire.test/v1/posts', { headers: { authorization: 'Bearer app-key' } });
      return { accessToken: 'ember', expiresAt: null, scopes: [] };
    };
    const outcomes = await scene.world.until(Promise.allSettled([auth.signIn(redeem), auth.signIn(redeem)]));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it('that signs out and then signs in while the page loads is signed in', async () => {
    const { auth } = scene.open();
    void auth.signOut();
    await scene.signIn(auth);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it('whose listener throws gets the error reported asynchronously, and its calls succeed', async () => {
    const { platform, errors } = collectTimerErrors(scene.world.openTab().platform);
    const { auth } = scene.open({ platform });
    await scene.signIn(auth);
    const bug = new Error('a bug of the app');
    auth.subscribe(() => {
      throw bug;
    });
    scene.api.revokeAccessTokens();
    expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
    await scene.world.advance(1);
    expect(errors).toContain(bug);
  });

  it('that disposes the client during a call leaves no timer, listener, channel or lock behind', async () => {
    const { auth, tab } = await scene.openSignedIn();
    scene.api.revokeAccessTokens();
    scene.world.latencyMs = 100;
    const call = rejection(auth.fetch('/users/me'));
    await scene.world.advance(50);
    auth.dispose();
    expect(await scene.world.until(call)).toMatchObject({ code: 'disposed' });
    expect(tab.held()).toEqual(NOTHING_HELD);
  });

  it('that changes a body while its call waits for a token sends the body as it was before', async () => {
    const first = await scene.openSignedIn();
    first.tab.kill();
    await scene.world.advance(LIFETIME_MS * 2);
    const { auth } = scene.open();
    const body = new TextEncoder().encode('{"text":"before"}');
    const call = auth.fetch(`${BASE_URL}/users/me/posts`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    body.fill(48);
    expect((await scene.world.until(call)).status).toBe(201);
  });

  it('whose protocol throws on an answer gets refresh_unavailable without a word of that answer', async () => {
    const protocol = { ...scene.protocol, readRefresh: () => JSON.parse('access_token=opaque&refresh_token=secret') as never };
    const { auth } = scene.open({ protocol });
    await scene.signIn(auth);
    const error = await scene.world.until(rejection(auth.refresh()));
    expect(error).toMatchObject({ code: 'refresh_unavailable', message: expect.stringContaining('SyntaxError') });
    expect(String(error)).not.toMatch(/opaque|access_tok/);
  });
});
