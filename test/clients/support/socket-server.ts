import type { IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Service } from './service.ts';

/** Adds WebSockets to a service. A socket with a valid token is greeted, any other is closed with 4401. Returns the tokens that arrived. */
export function acceptSockets({ server, api, baseUrl }: Service): { readonly tokens: readonly string[]; readonly closeAll: (code: number) => void } {
  const tokens: string[] = [];
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'bearer' }); // Not the token, because the answer would contain it.
  sockets.on('connection', (socket: WebSocket, { headers }: IncomingMessage) => void greet(socket, headers['sec-websocket-protocol'] ?? ''));
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  });

  async function greet(socket: WebSocket, protocols: string): Promise<void> {
    const token = protocols.split(/, */)[1] ?? '';
    tokens.push(token);
    const { ok } = await api.fetch(new Request(`${baseUrl}/users/me`, { headers: { authorization: `Bearer ${token}` } }));
    if (ok) socket.send('hello');
    else socket.close(4401);
  }

  const closeAll = (code: number) => {
    for (const socket of sockets.clients) socket.close(code);
  };
  return { tokens, closeAll };
}
