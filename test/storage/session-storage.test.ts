import { sessionStorage, type AuthClient, type Platform } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { BASE_URL, createSetup, LIFETIME_MS, rejection, type Setup } from '../support/setup.ts';
import type { Tab, TabOptions } from '../support/world.ts';

const KEY = `unexpired:${BASE_URL}`;
let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

interface Page {
  readonly tab: Tab;
  readonly auth: AuthClient;
}

function load(options: TabOptions = {}, changed: Partial<Platform> = {}): Page {
  const tab = setup.world.openTab(options);
  const platform = { ...tab.platform, ...changed };
  const { auth } = setup.open({ platform: tab.platform, storage: sessionStorage()(platform) });
  auth.subscribe(() => undefined);
  return { tab, auth };
}

const refused = { hold: () => Promise.reject(new DOMException('denied', 'SecurityError')), isHeld: () => Promise.resolve(false) };

describe.each([
  ['with locks', {}, {}],
  ['without locks', { hasLocks: false }, {}],
  ['with locks that the browser refuses', {}, { locks: refused }],
])('sessionStorage %s', (_, options, changed) => {
  const open = (cloneOf?: Tab) => load(cloneOf ? { ...options, cloneOf } : options, changed);

  async function signedIn(): Promise<Page> {
    const page = open();
    await setup.signIn(page.auth);
    return page;
  }

  it('keeps the session over three reloads', async () => {
    let page = await signedIn();
    const { accessToken } = page.auth.getSnapshot().tokens!;
    for (let reload = 0; reload < 3; reload++) {
      const { tab } = page;
      page = open(tab);
      tab.kill();
      await setup.world.advance(1000);
      expect(page.auth.getSnapshot().tokens?.accessToken).toBe(accessToken);
    }
  });

  // claim: duplicated-tab-signed-out
  it('starts a duplicated tab signed out, without a copy of the tokens', async () => {
    const original = await signedIn();
    const { accessToken, refreshToken } = original.auth.getSnapshot().tokens!;
    const duplicate = open(original.tab);
    await setup.world.advance(1000);
    expect(duplicate.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: null, tokens: null });
    expect(duplicate.tab.sessionArea.getItem(KEY)).toBeNull();
    expect(duplicate.tab.held().locks).toBe(original.tab.held().locks);
    expect(original.auth.getSnapshot().tokens).toMatchObject({ accessToken, refreshToken });
  });

  it('keeps the sessions of a tab and its duplicate apart over refreshes, a reload and a sign-out', async () => {
    const original = await signedIn();
    const duplicate = open(original.tab);
    await setup.world.advance(1000);
    await setup.signIn(duplicate.auth, 'cinder');
    await setup.world.advance(LIFETIME_MS * 5);
    expect(setup.api.counts).toMatchObject({ reuses: 0, rejections: 0 });
    const [first, second] = [original, duplicate].map(({ auth }) => auth.getSnapshot().sessionId);
    expect(new Set([first, second, null]).size).toBe(3);

    const again = open(duplicate.tab);
    duplicate.tab.kill();
    await setup.world.advance(1000);
    expect(again.auth.getSnapshot().sessionId).toBe(second);
    await setup.world.until(again.auth.signOut());
    expect((await setup.world.until(original.auth.fetch('/users/me'))).status).toBe(200);
  });

  it('starts a duplicate of a duplicate signed out', async () => {
    const original = await signedIn();
    const duplicate = open(original.tab);
    await setup.world.advance(1000);
    await setup.signIn(duplicate.auth, 'cinder');
    const third = open(duplicate.tab);
    await setup.world.advance(1000);
    expect(third.auth.getSnapshot().status).toBe('signedOut');
    expect(duplicate.auth.getSnapshot().status).toBe('signedIn');
  });

  it('lets two clients of one page share the session', async () => {
    const page = await signedIn();
    const { auth } = setup.open({ platform: page.tab.platform, storage: sessionStorage()({ ...page.tab.platform, ...changed }) });
    auth.subscribe(() => undefined);
    await setup.world.advance(10);
    expect(auth.getSnapshot().sessionId).toBe(page.auth.getSnapshot().sessionId);
  });
});

describe('sessionStorage', () => {
  it('keeps the session over a reload if the old page is unloaded late', async () => {
    const old = load();
    await setup.signIn(old.auth);
    const page = load({ cloneOf: old.tab });
    await setup.world.advance(300);
    expect(page.auth.getSnapshot().status).toBe('loading');
    old.tab.kill();
    await setup.world.advance(50);
    expect(page.auth.getSnapshot().status).toBe('signedIn');
  });

  it('gives the session of a closed tab to only one of two pages that are restored from it', async () => {
    const closed = load();
    await setup.signIn(closed.auth);
    const pages = [1, 2].map(() => setup.world.openTab({ cloneOf: closed.tab }));
    closed.tab.kill();
    const storages = pages.map((tab) => sessionStorage()(tab.platform));
    const texts = await setup.world.until(Promise.all(storages.map((storage) => storage.read(KEY))));
    expect(texts).toEqual([expect.stringContaining('signedIn'), undefined]);
  });

  it('keeps the session if a tab is reloaded while its duplicate is frozen', async () => {
    const original = load();
    await setup.signIn(original.auth);
    const duplicate = load({ cloneOf: original.tab });
    await setup.world.advance(1000);
    duplicate.tab.process.freeze();
    const reloaded = load({ cloneOf: original.tab });
    original.tab.kill();
    await setup.world.advance(1000);
    expect(reloaded.auth.getSnapshot().status).toBe('signedIn');
  });

  it('keeps the session over a reload if the browser has neither locks nor channels', async () => {
    const old = load({ hasLocks: false }, { openChannel: null });
    await setup.signIn(old.auth);
    const page = load({ cloneOf: old.tab, hasLocks: false }, { openChannel: null });
    await setup.world.advance(10);
    expect(page.auth.getSnapshot().status).toBe('signedIn');
  });

  it('rejects while it is full or blocked, and works again afterwards', async () => {
    const tab = setup.world.openTab();
    let failure: DOMException | null = null;
    const area = { ...tab.sessionArea, setItem: (key: string, text: string) => (failure ? raise(failure) : tab.sessionArea.setItem(key, text)) };
    const openArea = () => (failure?.name === 'SecurityError' ? raise(failure) : area);
    const storage = sessionStorage()({ ...tab.platform, openArea });
    for (const name of ['QuotaExceededError', 'SecurityError']) {
      failure = new DOMException('no', name);
      expect(await setup.world.until(rejection(storage.update('key', () => 'new')))).toMatchObject({ name });
      failure = null;
      await setup.world.until(storage.update('key', (current) => `${String(current ?? '')}kept after ${name};`));
      expect(await storage.read('key')).toMatch(new RegExp(`kept after ${name};$`));
    }
  });
});

function raise(error: Error): never {
  throw error;
}
