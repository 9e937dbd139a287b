import { browserPlatform } from 'unexpired/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BASE_URL, createSetup, LIFETIME_MS, NOTHING_HELD, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});
afterEach(() => void vi.unstubAllGlobals());

describe('refresh()', () => {
  it('sends one request for each of three calls made one after the other', async () => {
    const { auth } = await setup.openSignedIn();
    const first = await setup.world.until(auth.refresh());
    const [second, third] = await setup.world.until((async () => [await auth.refresh(), await auth.refresh()])());
    expect(new Set([first, second, third].map((tokens) => tokens?.accessToken)).size).toBe(3);
    expect(setup.api.counts).toMatchObject({ refreshes: 3, reuses: 0 });
  });
});

describe('a Retry-After header', () => {
  it.each([0, 'Sun, 06 Nov 1994 08:49:37 GMT'])('of %s allows at most 20 attempts in 30 s', async (retryAfter) => {
    await setup.openSignedIn();
    setup.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503, retryAfter });
    await setup.world.advance(LIFETIME_MS);
    setup.api.clearCalls();
    await setup.world.advance(30_000);
    expect(setup.answers('refresh').length).toBeLessThanOrEqual(20);
  });

  it('of three years delays the next refresh by less than two hours', async () => {
    const { auth } = await setup.openSignedIn();
    setup.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503, retryAfter: 99_999_999, times: 1 });
    await setup.world.advance(2 * 3_600_000);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });
});

describe('an endpoint that always answers 450', () => {
  it('causes at most two refreshes when two tabs call it 10 times each in turn', async () => {
    const [first, second] = [await setup.openSignedIn(), setup.open()];
    await setup.world.until(second.auth.getAccessToken());
    setup.api.addFault({ endpoint: 'me', kind: 'error', code: 450 });
    for (let turn = 0; turn < 10; turn++) {
      for (const { auth } of [first, second]) await setup.world.until(auth.fetch('/users/me'));
      await setup.world.advance(50);
    }
    expect(setup.api.counts.refreshes).toBeLessThanOrEqual(2);
  });

  it('causes at most two refreshes for 10 calls with a stream as body', async () => {
    const { auth } = await setup.openSignedIn();
    setup.api.addFault({ endpoint: 'myPosts', kind: 'error', code: 450 });
    for (let turn = 0; turn < 10; turn++) {
      const body = new Blob(['{"text":"streamed"}']).stream();
      await setup.world.until(auth.fetch('/users/me/posts', { method: 'POST', body, duplex: 'half' } as RequestInit));
      await setup.world.advance(500);
    }
    expect(setup.api.counts.refreshes).toBeLessThanOrEqual(2);
  });

  it('does not stop the replay of a call whose old token is rejected after the next refresh', async () => {
    const { auth } = await setup.openSignedIn();
    setup.api.addFault({ endpoint: 'me', kind: 'error', code: 450 });
    await setup.world.until(auth.fetch('/users/me'));
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const late = auth.fetchWith([{ scope: 'send', interceptor: (request, next) => next(request).finally(() => held) }])('/posts');
    setup.api.revokeAccessTokens();
    await setup.world.advance(50);
    await setup.world.until(auth.refresh());
    release();
    expect((await setup.world.until(late)).status).toBe(200);
    expect(setup.answers('refresh')).toEqual([200, 200]);
  });
});

describe('getAccessToken', () => {
  it('ignores an undefined `minValidityMs`, and refuses NaN, a negative number and a string', async () => {
    const { auth } = await setup.openSignedIn();
    const options: object = { minValidityMs: undefined };
    expect(await setup.world.until(auth.getAccessToken(options))).toBe(auth.getSnapshot().tokens?.accessToken);
    for (const minValidityMs of [NaN, -1, '5s' as never]) {
      expect(await setup.world.until(rejection(auth.getAccessToken({ minValidityMs })))).toMatchObject({ code: 'invalid_config', field: 'minValidityMs' });
    }
    expect(setup.answers('refresh')).toEqual([]);
  });
});

describe('a client whose storage fails for a while', () => {
  const openWith = (broken: { full: boolean }) => {
    const tab = setup.world.openTab();
    const { update } = tab.platform.storage;
    const storage = { ...tab.platform.storage, update: (key: string, change: (current: unknown) => unknown) => (broken.full ? Promise.reject(new Error('full')) : update(key, change)) };
    return { ...setup.open({ platform: { ...tab.platform, storage } }), tab };
  };

  it('still follows a later sign-out of another tab, even if it refreshed meanwhile', async () => {
    const broken = { full: false };
    const [first, second] = [openWith(broken), setup.open()];
    await setup.signIn(first.auth);
    await setup.world.until(second.auth.getAccessToken());
    broken.full = true;
    for (let refresh = 0; refresh < 3; refresh++) await setup.world.until(first.auth.refresh());
    broken.full = false;
    await setup.world.until(second.auth.signOut());
    await setup.world.advance(LIFETIME_MS * 2);
    expect(first.auth.getSnapshot().status).toBe('signedOut');
    expect(setup.storedText()).not.toContain('eyJ');
  });

  it('still reads the tokens that another tab refreshed, if only its own writes fail', async () => {
    const broken = { full: false };
    const [first, second] = [setup.open(), openWith(broken)];
    await setup.signIn(first.auth);
    await setup.world.until(second.auth.getAccessToken());
    broken.full = true;
    const end = setup.api.addFault({ kind: 'status', status: 503, endpoint: 'refresh' });
    await setup.world.until(rejection(second.auth.refresh()));
    end();
    await setup.world.until(first.auth.refresh());
    await setup.world.advance(LIFETIME_MS * 2);
    for (const { auth } of [first, second]) expect(auth.getSnapshot().status).toBe('signedIn');
    expect(setup.api.counts.reuses).toBe(0);
  });

  it('stores the rotated tokens at the next wake, so a reload sends no spent refresh token', async () => {
    const broken = { full: false };
    const { auth, tab } = openWith(broken);
    await setup.signIn(auth);
    broken.full = true;
    await setup.world.until(auth.refresh());
    broken.full = false;
    tab.wake('visible');
    await setup.world.advance(1000);
    tab.kill();
    await setup.world.until(setup.open().auth.refresh());
    expect(setup.api.counts).toMatchObject({ refreshes: 2, reuses: 0 });
  });

  it('shows the status loading until the first read succeeds', async () => {
    const first = await setup.openSignedIn();
    first.tab.kill();
    setup.world.storage.fails = new Error('hiccup');
    const { auth } = setup.open();
    auth.subscribe(() => undefined);
    await setup.world.advance(100);
    expect(auth.getSnapshot().status).toBe('loading');
    setup.world.storage.fails = null;
    await setup.world.advance(1000);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it('shows the session once storage works after 8 s, without a focus or a message', async () => {
    const first = await setup.openSignedIn();
    first.tab.kill();
    setup.world.storage.fails = new Error('busy');
    const { auth } = setup.open();
    auth.subscribe(() => undefined);
    await setup.world.advance(8000);
    expect(auth.getSnapshot().status).toBe('signedOut');
    setup.world.storage.fails = null;
    await setup.world.advance(10_000);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

});

describe('a client', () => {
  it('whose storage never answers still refreshes and replays a rejected call', async () => {
    const never = new Promise<never>(() => undefined);
    const { auth } = setup.open({ storage: { name: 'stuck', read: () => never, update: () => never } });
    await setup.signIn(auth);
    setup.api.revokeAccessTokens();
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });

  it('refreshes in a browser that refuses its Web Locks', async () => {
    const tab = setup.world.openTab();
    const refuse = () => Promise.reject(new DOMException('no', 'SecurityError'));
    const { auth } = setup.open({ platform: { ...tab.platform, locks: { hold: refuse, isHeld: refuse } } });
    await setup.signIn(auth);
    await setup.world.advance(LIFETIME_MS * 2);
    expect(setup.api.counts.refreshes).toBeGreaterThan(0);
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

  it('knows that the user cannot see its page', () => {
    const isHidden = (document: object | undefined) => {
      vi.stubGlobal('document', document);
      return browserPlatform().isHidden?.();
    };
    expect([isHidden({ hidden: true }), isHidden({ hidden: false }), isHidden(undefined)]).toEqual([true, false, undefined]);
  });

  it('refreshes, sends calls and signs out in a browser that refuses BroadcastChannel', async () => {
    const { platform } = setup.world.openTab();
    vi.stubGlobal('BroadcastChannel', function refuse() {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    });
    const { auth } = setup.open({ platform: { ...platform, openChannel: browserPlatform().openChannel } });
    await setup.signIn(auth);
    await setup.world.advance(LIFETIME_MS * 2);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    await setup.world.until(auth.signOut());
    expect(auth.getSnapshot().status).toBe('signedOut');
  });
});

describe('an app', () => {
  it('that redeems a code twice, as by a double click, is signed in although the second request is refused', async () => {
    const { auth } = setup.open();
    let used = false;
    const redeem = async () => {
      if (used) throw new Error('HTTP 400: the code was used');
      used = true;
      await setup.world.openTab().platform.fetch('https://api.bonfire.test/v1/posts', { headers: { authorization: 'Bearer app-key' } });
      return { accessToken: 'ember', expiresAt: null, scopes: [] };
    };
    const outcomes = await setup.world.until(Promise.allSettled([auth.signIn(redeem), auth.signIn(redeem)]));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it('that signs out and then signs in while the page loads is signed in', async () => {
    const { auth } = setup.open();
    void auth.signOut();
    await setup.signIn(auth);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it('whose listener throws gets the error reported, and its calls succeed', async () => {
    const { auth, tab } = await setup.openSignedIn();
    const bug = new Error('a bug of the app');
    auth.subscribe(() => {
      throw bug;
    });
    setup.api.revokeAccessTokens();
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    await setup.world.advance(1);
    expect(tab.reports).toContain(bug);
  });

  it('that disposes the client during a call leaves no timer, listener, channel or lock behind', async () => {
    const { auth, tab } = await setup.openSignedIn();
    setup.api.revokeAccessTokens();
    setup.world.latencyMs = 100;
    const call = rejection(auth.fetch('/users/me'));
    await setup.world.advance(50);
    auth.dispose();
    expect(await setup.world.until(call)).toMatchObject({ code: 'disposed' });
    expect(tab.held()).toEqual(NOTHING_HELD);
  });

  it('that changes a body while its call waits for a token sends the body as it was before', async () => {
    const first = await setup.openSignedIn();
    first.tab.kill();
    await setup.world.advance(LIFETIME_MS * 2);
    const { auth } = setup.open();
    const body = new TextEncoder().encode('{"text":"before"}');
    const call = auth.fetch(`${BASE_URL}/users/me/posts`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    body.fill(48);
    expect((await setup.world.until(call)).status).toBe(201);
  });

  it('whose protocol throws on an answer of the API gets misconfigured without any text of that answer', async () => {
    const protocol = { ...setup.protocol, readRefresh: () => JSON.parse('access_token=opaque&refresh_token=secret') as never };
    const { auth } = setup.open({ protocol });
    await setup.signIn(auth);
    const error = await setup.world.until(rejection(auth.refresh()));
    expect(error).toMatchObject({ code: 'misconfigured', message: expect.stringContaining('SyntaxError') });
    expect(String(error)).not.toMatch(/opaque|access_tok/);
  });
});
