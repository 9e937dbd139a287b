import type { Platform, TextArea } from '../platform/platform.ts';

/** How long the old page's lock may last during a reload, and how long an original may take to answer, ms. */
const GONE_MS = 450;

/** How long a lock is requested, ms. It is longer than the wait above, so that a late lock finds the wait over. */
const LOCK_WAIT_MS = 500;

type Owners = Map<string, Promise<void>>;

/** Keyed by the page's area, because two clients of one page are one owner. */
const pages = /* @__PURE__ */ new WeakMap<TextArea, Owners>();

/**
 * Makes this page the owner of its area's text under a key. A reload keeps the text; a duplicate of an open page starts
 * with none.
 */
export function ownText(platform: Platform, area: TextArea, key: string): Promise<void> {
  const owners: Owners = pages.get(area) ?? new Map();
  pages.set(area, owners);
  const owning = owners.get(key) ?? claim(platform, area, key);
  owners.set(key, owning);
  owning.catch(() => owners.delete(key));
  return owning;
}

async function claim(platform: Platform, area: TextArea, key: string): Promise<void> {
  const name = `${key}:page`;
  const ownerOf = (id: string) => beOwner(platform, `${name}:${id}`);
  const former = area.getItem(name);
  if (former !== null && (await ownerOf(former))) return;
  const id = platform.randomId();
  if (former !== null) area.removeItem(key); // These tokens belong to the original only.
  area.setItem(name, id);
  await ownerOf(id);
}

/** Claims a name while this page is open. Resolves to false if another open page has it. */
async function beOwner(platform: Platform, name: string): Promise<boolean> {
  const { locks } = platform;
  if (!locks) return beOwnerByAsking(platform, name);
  return new Promise<boolean>((resolve, reject) => {
    let isLate = false;
    const release = platform.setTimer(() => {
      isLate = true;
      resolve(false);
    }, GONE_MS);
    const enter = () => {
      if (isLate) return Promise.resolve();
      release();
      resolve(true);
      return new Promise<never>(() => undefined); // Held until the page closes.
    };
    // A browser can offer locks and refuse them, as in a sandboxed frame.
    locks.hold(name, LOCK_WAIT_MS, enter).catch(() => (release(), beOwnerByAsking(platform, name).then(resolve, reject)));
  });
}

/** Without locks, only the missing answer shows that no other page has the name. */
async function beOwnerByAsking(platform: Platform, name: string): Promise<boolean> {
  if (!platform.openChannel) return true;
  return new Promise((resolve) => {
    let isOwner = false;
    const channel = platform.openChannel!(name, (message) => {
      if (isOwner && message === 'anybody?') channel.post('alive');
      if (isOwner || message !== 'alive') return;
      release();
      channel.close();
      resolve(false);
    });
    const release = platform.setTimer(() => {
      isOwner = true;
      resolve(true);
    }, GONE_MS);
    channel.post('anybody?');
  });
}
