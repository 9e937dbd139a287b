import type { Platform, TextArea } from '../platform/platform.ts';

/** What an old page's lock may take to go on a reload, and the longest wait for an original to answer, ms. */
const GONE_MS = 450;

/** Locks are given up on somewhat later, so that the one who is late finds itself given up already, ms. */
const LOCK_WAIT_MS = 500;

type Owners = Map<string, Promise<void>>;

/** By the page's area, as two clients of one page are one owner. */
const pages = /* @__PURE__ */ new WeakMap<TextArea, Owners>();

/**
 * Makes this page the owner of what its area keeps under a key, once: after a reload it goes on with that, and as a
 * duplicate of a page that lives it starts with nothing.
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
  if (former !== null) area.removeItem(key); // The original's: it alone may use those tokens.
  area.setItem(name, id);
  await ownerOf(id);
}

/** Becomes the one page that goes by a name, for all its life; false when another one lives that does. */
async function beOwner(platform: Platform, name: string): Promise<boolean> {
  const { locks, setTimer } = platform;
  if (!locks) return beOwnerByAsking(platform, name);
  return new Promise<boolean>((resolve, reject) => {
    let isLate = false;
    const release = setTimer(() => {
      isLate = true;
      resolve(false);
    }, GONE_MS);
    const enter = () => {
      if (isLate) return Promise.resolve();
      release();
      resolve(true);
      return new Promise<never>(() => undefined); // Held until the page is gone.
    };
    // A browser may have locks and refuse them, as in a sandboxed frame.
    locks.hold(name, LOCK_WAIT_MS, enter).catch(() => (release(), beOwnerByAsking(platform, name).then(resolve, reject)));
  });
}

/** Without locks silence is the only sign that nobody lives there. */
async function beOwnerByAsking({ openChannel, setTimer }: Platform, name: string): Promise<boolean> {
  if (!openChannel) return true;
  return new Promise((resolve) => {
    let isOwner = false;
    const channel = openChannel(name, (message) => {
      if (isOwner && message === 'anybody?') channel.post('alive');
      if (isOwner || message !== 'alive') return;
      release();
      channel.close();
      resolve(false);
    });
    const release = setTimer(() => {
      isOwner = true;
      resolve(true);
    }, GONE_MS);
    channel.post('anybody?');
  });
}
