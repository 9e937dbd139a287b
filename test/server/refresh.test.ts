import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

const MINUTE = 60_000;

describe('a session on several instances', () => {
  // claim: server-one-refresh
  it.each([1, 4, 8])('is refreshed once when 20 requests reach each of %d instances after the access token has expired', async (count) => {
    const { world, server, start } = createInstances();
    const instances = Array.from({ length: count }, () => start());
    const { setCookie } = await world.until(instances[0]!.signIn(server.grant('ann')));
    await world.advance(11 * MINUTE);
    const calls = instances.flatMap((sessions) => Array.from({ length: 20 }, async () => (await sessions.of(requestWith(setCookie))).fetch('/posts')));
    const answers = await world.until(Promise.all(calls));
    expect(answers.map(({ status }) => status)).toEqual(calls.map(() => 200));
    expect(server.sent).toEqual(['ann-refresh-1']);
    expect(server.reuses).toBe(0);
  });

  // claim: server-one-refresh-for-rejections
  it.each([1, 4, 8])('is refreshed once when the API rejects the token of 20 requests on each of %d instances', async (count) => {
    const { world, server, start } = createInstances();
    const instances = Array.from({ length: count }, () => start());
    const { setCookie } = await world.until(instances[0]!.signIn(server.grant('ann')));
    server.revoke('ann-access-1');
    const calls = instances.flatMap((sessions) => Array.from({ length: 20 }, async () => (await sessions.of(requestWith(setCookie))).fetch('/posts')));
    const answers = await world.until(Promise.all(calls));
    expect(answers.map(({ status }) => status)).toEqual(calls.map(() => 200));
    expect(server.sent).toEqual(['ann-refresh-1']);
  });

  it('costs one round trip to the store for a request with a good token, and three for a refresh', async () => {
    const { world, server, trips, start } = createInstances();
    const [first, second] = [start(), start()];
    const { setCookie } = await world.until(first.signIn(server.grant('ann')));
    trips.length = 0;
    await world.until((await world.until(second.of(requestWith(setCookie)))).fetch('/posts'));
    expect(trips).toEqual(['read']);
    await world.advance(11 * MINUTE);
    trips.length = 0;
    await world.until((await world.until(second.of(requestWith(setCookie)))).fetch('/posts'));
    expect(trips).toEqual(['read', 'replace', 'replace']);
    expect(server.sent).toHaveLength(1);
  });

  it('is refreshed in the background while its access token can still be used', async () => {
    const { world, server, start } = createInstances();
    const sessions = start();
    const { setCookie } = await world.until(sessions.signIn(server.grant('ann')));
    await world.advance(9 * MINUTE);
    const session = await world.until(sessions.of(requestWith(setCookie)));
    await world.until(session.fetch('/posts'));
    await world.until(sessions.close());
    expect(server.accepted).toEqual(['ann-access-1']);
    expect(server.sent).toEqual(['ann-refresh-1']);
  });
});
