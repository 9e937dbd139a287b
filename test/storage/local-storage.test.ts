import { browserPlatform, localStorage, sessionStorage, type AuthClient, type AuthStorage, type Platform } from 'unexpired/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSetup, LIFETIME_MS, rejection, type Setup } from '../support/setup.ts';
import type { Tab } from '../support/world.ts';
import { addOne, countTogether, openInTabs } from './simulated-tabs.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

const open = (tab: Tab) => localStorage()(tab.platform);
const withPlatform = (tab: Tab, changed: Partial<Platform>) => localStorage()({ ...tab.platform, ...changed });
const kept = (key: string) => setup.world.localArea.texts().get(key);

describe.each([['with locks', true], ['without locks', false]])('localStorage %s', (_, hasLocks) => {
  /** Opens a client in each of some new tabs, and signs the first one in. */
  async function signedInTabs(count: number): Promise<AuthClient[]> {
    const tabs = Array.from({ length: count }, () => {
      const tab = setup.world.openTab({ hasLocks });
      return setup.open({ platform: tab.platform, storage: open(tab) }).auth;
    });
    for (const auth of tabs) auth.subscribe(() => undefined);
    await setup.signIn(tabs[0]!);
    return tabs;
  }

  it.each([[2, 20], [8, 5]])('loses no update when %i tabs make %i each at the same time', async (tabs, times) => {
    expect(await countTogether(setup, openInTabs(setup, tabs, open, { hasLocks }), times)).toBe(String(tabs * times));
  });

  it('loses no update when each write becomes visible after another delay', async () => {
    let turn = 0;
    setup.world.delayOf = (what) => (what === 'area' ? (turn += 5) % 9 : 1);
    expect(await countTogether(setup, openInTabs(setup, 5, open, { hasLocks }), 10)).toBe('50');
  });

  it('shows an update to another tab before it resolves', async () => {
    const [writer, reader] = openInTabs(setup, 2, open, { hasLocks });
    await setup.world.until(writer!.update('key', () => 'new'));
    expect(await reader!.read('key')).toBe('new');
  });

  it('continues after a tab was killed during a write', async () => {
    const dying = setup.world.openTab({ hasLocks });
    void open(dying).update('count', addOne);
    await setup.world.advance(1);
    dying.kill();
    const next = open(setup.world.openTab({ hasLocks }));
    await setup.world.until(next.update('next', () => 'written'));
    await setup.world.until(next.update('count', (current) => `${String(current)}, then another`));
    expect(kept('count')).toMatch(/then another$/);
  });

  it.runIf(hasLocks)('loses no update when a frozen tab thaws at the moment another tab takes over its turn', async () => {
    const frozen = setup.world.openTab();
    const other = setup.world.openTab();
    const append = (name: string) => (current: unknown) => `${String(current ?? '')}${name}`;
    const first = open(frozen).update('names', append('a'));
    frozen.process.freeze();
    const second = open(other).update('names', append('b'));
    await setup.world.advance(3999);
    other.platform.setTimer(() => frozen.process.thaw(), 1);
    await setup.world.until(Promise.all([first, second]));
    expect([...String(kept('names'))].sort()).toEqual(['a', 'b']);
  });

  it.runIf(hasLocks)('makes an update once, even if another tab writes before it can see its own result', async () => {
    const slow = setup.world.openTab();
    const other = setup.world.openTab();
    const append = (name: string) => (current: unknown) => `${String(current ?? '')}${name}`;
    slow.process.throttle(60_000);
    const first = open(slow).update('names', append('a'));
    await setup.world.until(open(other).update('names', append('b')));
    await setup.world.until(first);
    expect(kept('names')).toBe('ab');
  });

  it('rejects and keeps the old value while it is full, and works again afterwards', async () => {
    const tab = setup.world.openTab({ hasLocks });
    const area = tab.platform.openArea('local');
    let full = false;
    const setItem = (key: string, text: string) => {
      if (full && key === 'key') throw new DOMException('no room', 'QuotaExceededError');
      area.setItem(key, text);
    };
    const storage = withPlatform(tab, { openArea: () => ({ ...area, setItem }) });
    await setup.world.until(storage.update('key', () => 'old'));
    full = true;
    expect(await setup.world.until(rejection(storage.update('key', () => 'new')))).toMatchObject({ name: 'QuotaExceededError' });
    expect(await storage.read('key')).toBe('old');
    full = false;
    await setup.world.until(storage.update('key', () => 'new'));
    expect(kept('key')).toBe('new');
    expect(tab.held()).toMatchObject({ locks: 0, timers: 0 });
    expect([...setup.world.localArea.texts().keys()]).toEqual(['key']);
  });

  it('rejects a value that is not a string', async () => {
    const [storage] = openInTabs(setup, 1, open, { hasLocks });
    expect(await setup.world.until(rejection(storage!.update('key', () => ({}))))).toBeInstanceOf(TypeError);
  });

  it('rejects if the browser blocks it', async () => {
    const tab = setup.world.openTab({ hasLocks });
    const blocked = withPlatform(tab, { openArea: () => { throw new DOMException('denied', 'SecurityError'); } });
    for (const operation of [blocked.read('key'), blocked.update('key', () => 'x')]) {
      expect(await setup.world.until(rejection(operation))).toMatchObject({ name: 'SecurityError' });
    }
  });

  it('lets 160 calls of 8 tabs share one refresh after a rejection, and a sign-out ends all tabs', async () => {
    const tabs = await signedInTabs(8);
    await setup.world.advance(100);
    expect(tabs.map((auth) => auth.getSnapshot().status)).toEqual(tabs.map(() => 'signedIn'));

    setup.api.revokeAccessTokens();
    const calls = tabs.flatMap((auth) => Array.from({ length: 20 }, () => auth.fetch('/users/me')));
    const answers = await setup.world.until(Promise.all(calls));
    expect(answers.map(({ status }) => status)).toEqual(calls.map(() => 200));
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0 });

    const { accessToken, refreshToken } = tabs[3]!.getSnapshot().tokens!;
    await setup.world.until(tabs[5]!.signOut());
    await setup.world.advance(100);
    expect(tabs.map((auth) => auth.getSnapshot().status)).toEqual(tabs.map(() => 'signedOut'));
    const texts = JSON.stringify([...setup.world.localArea.texts()]);
    expect(texts).not.toContain(accessToken);
    expect(texts).not.toContain(refreshToken);
  });

  it('keeps a session of 4 tabs over 20 token lifetimes without a reuse of a refresh token', async () => {
    const tabs = await signedInTabs(4);
    await setup.world.advance(LIFETIME_MS * 20);
    expect(tabs.map((auth) => auth.getSnapshot().status)).toEqual(tabs.map(() => 'signedIn'));
    expect(setup.api.counts).toMatchObject({ reuses: 0, rejections: 0 });
  });
});

describe('localStorage', () => {
  it('uses its lease if the browser refuses Web Locks', async () => {
    const refused = { hold: () => Promise.reject(new DOMException('denied', 'SecurityError')), isHeld: () => Promise.resolve(false) };
    const storages = openInTabs(setup, 3, (tab) => withPlatform(tab, { locks: refused }));
    expect(await countTogether(setup, storages, 5)).toBe('15');
  });

  it('loses no update under its lease when a write becomes visible after up to 49 ms', async () => {
    let turn = 0;
    setup.world.delayOf = (what) => (what === 'area' ? (turn += 7) % 50 : 1);
    expect(await countTogether(setup, openInTabs(setup, 5, open, { hasLocks: false }), 5)).toBe('25');
  });

  it('waits less than 3 s for the lease of a dead tab, even if the wall clock is set back', async () => {
    const tab = setup.world.openTab({ hasLocks: false });
    tab.platform.openArea('local').setItem('key:lease', 'a tab that died');
    const started = setup.world.now();
    setup.world.skewMs = -3_600_000;
    await setup.world.until(open(tab).update('key', () => 'mine'));
    expect(setup.world.now() - started).toBeLessThan(3000);
    expect(kept('key:lease')).toBeUndefined();
  });

  it('lets a tab that was frozen with the lease write only after it has taken the lease again', async () => {
    const frozen = setup.world.openTab({ hasLocks: false });
    const first = open(frozen).update('count', addOne);
    await setup.world.advance(10);
    frozen.process.freeze();
    const others = openInTabs(setup, 3, open, { hasLocks: false });
    expect(await countTogether(setup, others, 3)).toBe('9');
    frozen.process.thaw();
    await setup.world.until(first);
    expect(kept('count')).toBe('10');
  });

  it('reads no global before its first use, and then uses the localStorage of the browser', async () => {
    const storage: AuthStorage = localStorage()(browserPlatform());
    expect(storage.name).toBe('localStorage');
    const text = new Map<string, string>();
    const area = { getItem: (key: string) => text.get(key) ?? null, setItem: text.set.bind(text), removeItem: text.delete.bind(text) };
    const before = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');
    Object.defineProperty(globalThis, 'localStorage', { configurable: true, value: area });
    await storage.update('key', () => 'kept');
    expect([await storage.read('key'), text.get('key')]).toEqual(['kept', 'kept']);
    if (before) Object.defineProperty(globalThis, 'localStorage', before);
    else Reflect.deleteProperty(globalThis, 'localStorage');
  });
});

describe.each([['localStorage', localStorage], ['sessionStorage', sessionStorage]])('%s where the platform has none, as in Node', (name, create) => {
  afterEach(() => vi.unstubAllGlobals());

  it('rejects with an error that says so', async () => {
    vi.stubGlobal(name, undefined);
    expect(await rejection(create()(browserPlatform()).read('key'))).toMatchObject({ message: `there is no ${name} here` });
  });
});
