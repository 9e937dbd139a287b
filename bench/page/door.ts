import { DOORS, type DoorName } from '../doors/index.ts';

/** The functions of a page with a sign-in by redirect. */
export interface DoorPage {
  /** Presses "Sign in". */
  readonly start: (returnTo: string) => void;
}

/** What the callback page has found. */
export interface DoorResult {
  /** From "Sign in" to the first answer of the API, ms. */
  readonly ms: number;
  readonly returnTo: string;
  readonly status: number;
  /** Why the sign-in failed; `null` if it did not. */
  readonly error: string | null;
}

declare global {
  interface Window {
    door?: DoorPage;
    doorResult?: DoorResult;
  }
}

const { searchParams } = new URL(location.href);
// The address loses its parameters at the redirect; a tab keeps these.
for (const name of ['world', 'door']) if (searchParams.has(name)) sessionStorage.setItem(name, searchParams.get(name) ?? '');

const { createDoor } = await DOORS[sessionStorage.getItem('door') as DoorName]();
const door = createDoor({ issuer: `${location.origin}${sessionStorage.getItem('world')}/`, redirectUri: `${location.origin}/door` });

if (searchParams.has('code') || location.hash.includes('code=')) {
  const { returnTo, status, error } = await finish();
  window.doorResult = { ms: Date.now() - Number(sessionStorage.getItem('startedAt')), returnTo, status, error };
} else {
  window.door = {
    start(returnTo) {
      sessionStorage.setItem('startedAt', String(Date.now()));
      void door.start(returnTo);
    },
  };
}

async function finish(): Promise<Omit<DoorResult, 'ms'>> {
  try {
    const { returnTo, call } = await door.finish();
    return { returnTo, status: await call('items/first'), error: null };
  } catch (error) {
    return { returnTo: '', status: 0, error: String(error).slice(0, 200) };
  }
}
