import { sessionStorage, type AuthClient, type Platform } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { BASE_URL, createScene, LIFETIME_MS, rejection, type Scene } from '../support/scene.ts';
import type { Tab, TabOptions } from '../support/world.ts';

const KEY = `unexpired:${BASE_URL}`;
let scene: Scene;
beforeEach(() => {
  scene = createScene();
});

interface Page {
  readonly tab: Tab;
  readonly auth: AuthClient;
}

function load(options: TabOptions = {}, changed: Partial<Platform> = {}): Page {
  const tab = scene.world.openTab(options);
  const platform = { ...tab.platform, ...changed };
  const { auth } = scene.open({ platform: tab.platform, storage: sessionStorage({ platform }) });
  auth.subscribe(() => undefined);
  return { tab, auth };
}

const refused = { hold: () => Promise.reject(new DOMException('denied', 'SecurityError')), isHeld: () => Promise.resolve(false) };

describe.each([
  ['with locks', {}, {}],
  ['without locks', { hasLocks: false }, {}],
  ['with locks that are refused', {}, { locks: refused }],
])('sessionStorage %s', (_, options, changed) => {
  const open = (cloneOf?: Tab) => load(cloneOf ? { ...options, cloneOf } : options, changed);

  async function signedIn(): Promise<Page> {
    const page = open();
    await scene.signIn(page.auth);
    return page;
  }

  it('keeps the session over a reload, and over another', async () => {
    let page = await signedIn();
    const { accessToken } = page.auth.getSnapshot().tokens!;
    for (let reload = 0; reload < 3; reload++) {
      const { tab } = page;
      page = open(tab);
      tab.kill();
      await scene.world.advance(1000);
      expect(page.auth.getSnapshot().tokens?.accessToken).toBe(accessToken);
    }
  });

  // claim: duplicated-tab-signed-out
  it('starts a duplicated tab signed out, without any token in its area', async () => {
    const original = await signedIn();
    const { accessToken, refreshToken } = original.auth.getSnapshot().tokens!;
    const duplicate = open(original.tab);
    await scene.world.advance(1000);
    expect(duplicate.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: null, tokens: null });
    expect(duplicate.tab.sessionArea.getItem(KEY)).toBeNull();
    expect(duplicate.tab.held().locks).toBe(original.tab.held().locks);
    expect(original.auth.getSnapshot().tokens).toMatchObject({ accessToken, refreshToken });
  });

  it('keeps the sessions of an original and its duplicate apart, whatever each does', async () => {
    const original = await signedIn();
    const duplicate = open(original.tab);
    await scene.world.advance(1000);
    await scene.signIn(duplicate.auth, 'cinder');
    await scene.world.advance(LIFETIME_MS * 5);
    expect(scene.api.counts).toMatchObject({ reuses: 0, rejections: 0 });
    const [first, second] = [original, duplicate].map(({ auth }) => auth.getSnapshot().sessionId);
    expect(new Set([first, second, null]).size).toBe(3);

    const again = open(duplicate.tab);
    duplicate.tab.kill();
    await scene.world.advance(1000);
    expect(again.auth.getSnapshot().sessionId).toBe(second);
    await scene.world.until(again.auth.signOut());
    expect((await scene.world.until(original.auth.fetch('/users/me'))).status).toBe(200);
  });

  it('takes a duplicate of a duplicate for one, too', async () => {
    const original = await signedIn();
    const duplicate = open(original.tab);
    await scene.world.advance(1000);
    await scene.signIn(duplicate.auth, 'cinder');
    const third = open(duplicate.tab);
    await scene.world.advance(1000);
    expect(third.auth.getSnapshot().status).toBe('signedOut');
    expect(duplicate.auth.getSnapshot().status).toBe('signedIn');
  });

  it('lets two clients of one page share the session', async () => {
    const page = await signedIn();
    const { auth } = scene.open({ platform: page.tab.platform, storage: sessionStorage({ platform: { ...page.tab.platform, ...changed } }) });
    auth.subscribe(() => undefined);
    await scene.world.advance(10);
    expect(auth.getSnapshot().sessionId).toBe(page.auth.getSnapshot().sessionId);
  });
});

describe('sessionStorage', () => {
  it('keeps the session on a reload whose old page takes a moment to go', async () => {
    const old = load();
    await scene.signIn(old.auth);
    const page = load({ cloneOf: old.tab });
    await scene.world.advance(300);
    expect(page.auth.getSnapshot().status).toBe('loading');
    old.tab.kill();
    await scene.world.advance(50);
    expect(page.auth.getSnapshot().status).toBe('signedIn');
  });

  it('gives the session of a closed tab to one of two pages that were restored from it', async () => {
    const closed = load();
    await scene.signIn(closed.auth);
    const pages = [1, 2].map(() => scene.world.openTab({ cloneOf: closed.tab }));
    closed.tab.kill();
    const storages = pages.map((tab) => sessionStorage({ platform: tab.platform }));
    const texts = await scene.world.until(Promise.all(storages.map((storage) => storage.read(KEY))));
    expect(texts).toEqual([expect.stringContaining('signedIn'), undefined]);
  });

  it('leaves nothing waiting for the original, which can still be reloaded', async () => {
    const original = load();
    await scene.signIn(original.auth);
    const duplicate = load({ cloneOf: original.tab });
    await scene.world.advance(1000);
    duplicate.tab.life.freeze();
    const reloaded = load({ cloneOf: original.tab });
    original.tab.kill();
    await scene.world.advance(1000);
    expect(reloaded.auth.getSnapshot().status).toBe('signedIn');
  });

  it('goes on with what is there where a page can neither hold a lock nor ask', async () => {
    const old = load({ hasLocks: false }, { openChannel: null });
    await scene.signIn(old.auth);
    const page = load({ cloneOf: old.tab, hasLocks: false }, { openChannel: null });
    await scene.world.advance(10);
    expect(page.auth.getSnapshot().status).toBe('signedIn');
  });

  it('rejects where it is full or blocked, and works again when it is not', async () => {
    const tab = scene.world.openTab();
    let trouble: DOMException | null = null;
    const area = { ...tab.sessionArea, setItem: (key: string, text: string) => (trouble ? raise(trouble) : tab.sessionArea.setItem(key, text)) };
    const openArea = () => (trouble?.name === 'SecurityError' ? raise(trouble) : area);
    const storage = sessionStorage({ platform: { ...tab.platform, openArea } });
    for (const name of ['QuotaExceededError', 'SecurityError']) {
      trouble = new DOMException('no', name);
      expect(await scene.world.until(rejection(storage.update('key', () => 'new')))).toMatchObject({ name });
      trouble = null;
      await scene.world.until(storage.update('key', (current) => `${String(current ?? '')}kept after ${name};`));
      expect(await storage.read('key')).toMatch(new RegExp(`kept after ${name};$`));
    }
  });
});

function raise(error: Error): never {
  throw error;
}
