import type { AuthClient } from 'unexpired/core';

/** Keeps a socket open until it is closed for another reason than its token (4401 is what this server says to that). */
export async function keepSocket(auth: AuthClient, url: string, attach: (socket: WebSocket) => void): Promise<number> {
  for (let isRetry = false; ; isRetry = true) {
    const token = await auth.getAccessToken({ minValidityMs: 60_000 });
    const socket = new WebSocket(url, ['bearer', token]); // It takes no headers, and a token must not be in an address.
    socket.addEventListener('message', () => (isRetry = false));
    attach(socket);
    const { code } = await new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve));
    if (code !== 4401 || isRetry) return code;
    if ((await auth.getAccessToken()) === token) await auth.refresh();
  }
}
