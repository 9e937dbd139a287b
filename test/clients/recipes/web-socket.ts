import type { AuthClient } from 'unexpired/core';

/** Keeps a socket open. It is opened again if the server closes it with 4401, which this server does when it rejects the token. */
export async function keepSocket(auth: AuthClient, url: string, attach: (socket: WebSocket) => void): Promise<number> {
  for (let isRetry = false; ; isRetry = true) {
    const token = await auth.getAccessToken({ minValidityMs: 60_000 });
    const socket = new WebSocket(url, ['bearer', token]); // A WebSocket takes no headers, and a token must not be in a URL.
    socket.addEventListener('message', () => (isRetry = false));
    attach(socket);
    const { code } = await new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve));
    if (code !== 4401 || isRetry) return code;
    if ((await auth.getAccessToken()) === token) await auth.refresh();
  }
}
