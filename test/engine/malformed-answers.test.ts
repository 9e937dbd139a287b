import { AuthError, observe, type Platform } from 'unexpired/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DRAWS, drawnAnswer, MARK, PROTOCOLS, saysItIsOver } from '../property/malformed.ts';
import { patience } from '../support/pace.ts';
import { createTokenServer } from '../support/token-server.ts';

const MINUTE = 60_000;
const WORLDS = Math.ceil(DRAWS / 100);

/** Opens tabs of one session whose server sends malformed answers, and collects every message of theirs. */
function openWorld(name: string) {
  const server = createTokenServer();
  const messages: unknown[] = [];

  function open() {
    const tab = server.world.openTab();
    const { openChannel } = tab.platform;
    const platform: Platform = {
      ...tab.platform,
      openChannel(channelName, onMessage) {
        const channel = openChannel!(channelName, onMessage);
        return { ...channel, post: (message) => (messages.push(message), channel.post(message)) };
      },
    };
    const { auth } = server.open({ protocol: PROTOCOLS[name]!, storage: tab.platform.storage, platform });
    observe(auth, (event) => void messages.push(event));
    auth.subscribe(() => {
      const { refresh, endReason, status } = auth.getSnapshot();
      messages.push(endReason, status, refresh.state, textOf(refresh.error));
    });
    return { auth, tab };
  }

  return { server, messages, open };
}

const textOf = (error: unknown) => (error instanceof Error ? `${error.name} ${error.message} ${JSON.stringify(error)} ${String(error.cause)}` : '');

it.each(Object.keys(PROTOCOLS))('a client with %s survives malformed answers: it sends few requests, keeps its session and quotes no token', async (name) => {
  await fc.assert(fc.asyncProperty(drawnAnswer, async (answer) => {
    const { server, messages, open } = openWorld(name);
    const { until, advance } = server.world;
    const [first, second] = [open(), open()];
    await until(first.auth.signIn({ accessToken: 'a0', refreshToken: 'r0', expiresAt: server.world.now() + 60 * MINUTE, scopes: [] }));
    await until(second.auth.ready());
    server.answer = () => answer;
    const error: unknown = await until(first.auth.refresh().then(() => null, (reason: unknown) => reason));
    if (error !== null) expect(AuthError.is(error)).toBe(true);
    messages.push(textOf(error));
    if (error !== null) await advance(MINUTE);
    expect(server.sent.length).toBeLessThan(20);
    const before = server.sent.length;
    server.answer = () => ({ status: 503, body: '' });
    await advance(5 * MINUTE);
    expect(server.sent.length - before).toBeLessThan(40);
    first.tab.kill();
    const reloaded = open();
    await until(reloaded.auth.ready());
    for (const { auth } of [second, reloaded]) {
      const { status, endReason } = auth.getSnapshot();
      if (endReason !== 'expired' && !saysItIsOver(answer)) expect([status, endReason]).toEqual(['signedIn', null]);
    }
    messages.push(...first.tab.warnings, ...second.tab.warnings, ...reloaded.tab.warnings);
    expect(messages.map((message) => JSON.stringify(message)).filter((text) => text?.includes(MARK))).toEqual([]);
  }), { numRuns: WORLDS });
}, patience(30_000 + WORLDS * 500));
