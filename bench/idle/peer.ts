/** A client in a page, used as its documentation shows. */
export interface IdlePeer {
  /** Whether the page shows a user. */
  readonly isSignedIn: () => boolean;
  readonly signIn: () => Promise<void>;
  /** Calls the API. Resolves to the status of its answer. */
  readonly call: (body: string) => Promise<number>;
}

declare global {
  interface Window {
    idle?: IdlePeer;
    /** When the user last pressed a key, epoch ms. */
    lastKeyAt?: number;
  }
}

/** The address of the app, which ends with a slash. */
export const APP = new URL(/^\/w\/\d+\//.exec(location.pathname)?.[0] ?? '/', location.origin).href;

/** Makes a peer known. If the browser says so, it calls each 2 s, as a page with a live list does. */
export function show(peer: IdlePeer): void {
  window.idle = peer;
  if (localStorage['polls'] === undefined) return;
  setInterval(() => {
    if (peer.isSignedIn()) peer.call('poll').catch(() => undefined);
  }, 2000);
}

/** A call with the token that a client gives out. */
export async function callWith(token: string | undefined, body: string): Promise<number> {
  const { status } = await fetch(`${APP}api/call`, { method: 'POST', body, headers: { authorization: `Bearer ${token ?? ''}` } });
  return status;
}
