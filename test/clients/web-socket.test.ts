import { beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { keepSocket } from './recipes/web-socket.ts';
import { codeOf, rejection } from './support/rejection.ts';
import { LIFETIME_MS, startService, type Service } from './support/service.ts';
import { acceptSockets } from './support/socket-server.ts';

// Node 20 has no WebSocket of its own.
beforeEach(() => {
  vi.stubGlobal('WebSocket', WebSocket);
  return () => vi.unstubAllGlobals();
});

/** Keeps a socket open, and collects the messages that arrive. */
function keep({ auth, origin }: Service) {
  const messages: unknown[] = [];
  const closed = keepSocket(auth, origin.replace('http', 'ws'), (socket) => socket.addEventListener('message', ({ data }) => void messages.push(data)));
  return { messages, closed };
}

describe('a WebSocket', () => {
  it('opens with a token that is valid for at least another minute', async () => {
    const service = await startService();
    const { tokens, closeAll } = acceptSockets(service);
    const old = await service.auth.getAccessToken();
    service.passTime(LIFETIME_MS - 30_000); // Still valid, but for less than a minute.
    const { messages, closed } = keep(service);
    await expect.poll(() => messages).toEqual(['hello']);
    expect(tokens).toEqual([await service.auth.getAccessToken()]);
    expect(tokens).not.toEqual([old]);
    expect(service.api.counts.refreshes).toBe(1);
    closeAll(1000);
    expect(await closed).toBe(1000);
  });

  it('opens again with a new token when the old one was revoked', async () => {
    const service = await startService();
    const { tokens, closeAll } = acceptSockets(service);
    service.api.revokeAccessTokens();
    const { messages, closed } = keep(service);
    await expect.poll(() => messages).toEqual(['hello']);
    expect([tokens.length, service.api.counts.refreshes]).toEqual([2, 1]);
    closeAll(1000);
    expect(await closed).toBe(1000);
  });

  it('opens again when its token is revoked while it is open', async () => {
    const service = await startService();
    const { closeAll } = acceptSockets(service);
    const { messages, closed } = keep(service);
    await expect.poll(() => messages).toEqual(['hello']);
    service.api.revokeAccessTokens();
    closeAll(4401);
    await expect.poll(() => messages).toEqual(['hello', 'hello']);
    expect(service.api.counts.refreshes).toBe(1);
    closeAll(1000);
    expect(await closed).toBe(1000);
  });

  it('gives up when the server accepts no token', async () => {
    const service = await startService();
    const { tokens } = acceptSockets(service);
    service.api.addFault({ kind: 'error', code: 450, endpoint: 'me' });
    expect(await keep(service).closed).toBe(4401);
    expect([tokens.length, service.api.counts.refreshes]).toEqual([2, 1]);
  });

  it('does not open without a session', async () => {
    const service = await startService();
    const { tokens } = acceptSockets(service);
    await service.auth.signOut();
    expect(codeOf(await rejection(keep(service).closed))).toBe('signed_out');
    expect(tokens).toEqual([]);
  });
});
