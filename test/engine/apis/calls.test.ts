import { beforeEach, describe, expect, it } from 'vitest';
import type { AuthClient } from 'unexpired/core';
import { rejection } from '../../support/setup.ts';
import { createSeveralApis, FILES, LIFETIME_MS, MAIL, MAIN, type SeveralApis } from '../../support/several-apis.ts';

let apis: SeveralApis;
beforeEach(() => {
  apis = createSeveralApis();
});

const get = async (auth: AuthClient, address: string) => {
  const response = await apis.world.until(auth.fetch(address));
  return [response.status, await response.text()];
};

async function signedIn(config: Parameters<SeveralApis['open']>[0] = {}) {
  const opened = apis.open(config);
  await apis.signIn(opened.auth);
  return opened;
}

describe('a client with several APIs', () => {
  // claim: one-access-token-an-api
  it('sends each API an access token of its own, and requests each token once', async () => {
    const { auth } = await signedIn();
    for (let round = 0; round < 3; round++) {
      for (const address of ['/posts', `${FILES}/a.txt`, `${MAIL}/inbox`]) expect(await get(auth, address)).toEqual([200, 'ada']);
    }
    expect([apis.refreshes(FILES), apis.refreshes(MAIL), apis.refreshes(MAIN)]).toEqual([1, 1, 0]);
    expect(apis.misdirected).toEqual([]);
  });

  it('requests one token if twenty calls to an API begin at the same time', async () => {
    const { auth } = await signedIn();
    const responses = await apis.world.until(Promise.all(Array.from({ length: 20 }, (_, index) => auth.fetch(`${FILES}/${index}`))));
    expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(apis.refreshes()).toBe(1);
  });

  it('never has two token requests in flight, in two tabs with calls to three APIs at the same time', async () => {
    const tabs = [await signedIn(), apis.open()];
    let peak = 0;
    const inFlight = new Set<unknown>();
    const { onExchange } = apis.world;
    apis.world.onExchange = (exchange) => {
      onExchange(exchange);
      if (!exchange.url.includes('/oauth')) return;
      if (exchange.phase === 'out' || exchange.phase === 'back') inFlight.add(exchange);
      else inFlight.delete(exchange);
      peak = Math.max(peak, inFlight.size);
    };
    await apis.world.sleep(LIFETIME_MS * 2);
    const calls = tabs.flatMap(({ auth }) => [`${MAIN}/posts`, `${FILES}/a`, `${MAIL}/b`].map((address) => auth.fetch(address)));
    expect((await apis.world.until(Promise.all(calls))).map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect([peak, apis.refreshes()]).toEqual([1, 3]);
  });

  it('shares the access tokens of all APIs with other tabs and with pages that load later', async () => {
    const first = await signedIn();
    await get(first.auth, `${FILES}/a`);
    await get(first.auth, `${MAIL}/a`);
    first.tab.kill();
    const { auth } = apis.open();
    expect(await get(auth, `${FILES}/b`)).toEqual([200, 'ada']);
    expect(await get(auth, `${MAIL}/b`)).toEqual([200, 'ada']);
    expect(apis.refreshes()).toBe(2);
  });

  it('refreshes the token of an API before it expires while the API is used, and not otherwise', async () => {
    const { auth } = await signedIn();
    for (let passed = 0; passed < 3 * LIFETIME_MS; passed += LIFETIME_MS / 12) {
      expect(await get(auth, `${FILES}/a`)).toEqual([200, 'ada']);
      await apis.world.advance(LIFETIME_MS / 12);
    }
    expect(apis.statuses(FILES)).toEqual(Array(36).fill(200));
    expect(apis.refreshes(FILES)).toBeLessThanOrEqual(5);
    expect(apis.refreshes(MAIL)).toBe(0);
  });

  // claim: rejection-renews-one-api
  it('refreshes only the token that an API rejects, and sends the call once more', async () => {
    const { auth } = await signedIn();
    await get(auth, `${FILES}/a`);
    await get(auth, `${MAIL}/a`);
    const before = auth.getSnapshot().tokens?.accessToken;
    apis.revoke(FILES);
    const responses = await apis.world.until(Promise.all(Array.from({ length: 5 }, () => auth.fetch(`${FILES}/a`, { method: 'POST', body: 'text' }))));
    expect(responses.map(({ status }) => status)).toEqual(Array(5).fill(200));
    expect([apis.refreshes(FILES), apis.refreshes(MAIL), apis.refreshes(MAIN)]).toEqual([2, 1, 0]);
    expect(auth.getSnapshot().tokens?.accessToken).toBe(before);
    expect(await get(auth, `${MAIL}/b`)).toEqual([200, 'ada']);
  });

  it('keeps the tokens of the other APIs when the token of the session is refreshed', async () => {
    const { auth } = await signedIn();
    await get(auth, `${FILES}/a`);
    apis.revoke(MAIN);
    expect(await get(auth, '/posts')).toEqual([200, 'ada']);
    expect(await get(auth, `${FILES}/b`)).toEqual([200, 'ada']);
    expect([apis.refreshes(FILES), apis.refreshes(MAIN)]).toEqual([1, 1]);
  });

  it.each([true, false])('works the same if the server rotates the refresh token: %s', async (rotates) => {
    apis.options.rotates = rotates;
    const { auth } = await signedIn();
    for (let round = 1; round <= 3; round++) {
      await apis.world.sleep(LIFETIME_MS * 2);
      for (const address of ['/posts', `${FILES}/a`, `${MAIL}/a`]) expect(await get(auth, address)).toEqual([200, 'ada']);
      expect(apis.refreshes()).toBe(3 * round);
    }
  });

  it('sends a foreign origin no token, and no API the token of another one that an interceptor redirects a call to', async () => {
    const { auth } = await signedIn();
    expect(await rejection(apis.world.until(auth.fetch('https://evil.example/')))).toMatchObject({ code: 'origin_not_allowed' });
    for (const [from, to] of [['/posts', FILES], [`${FILES}/a`, MAIL], [`${FILES}/a`, MAIN], [`${FILES}/a`, 'https://evil.example']] as const) {
      for (const scope of ['call', 'send'] as const) {
        const remove = auth.intercept({ scope, interceptor: (request, next) => next(new Request(`${to}/moved`, request)) });
        expect(await rejection(apis.world.until(auth.fetch(from)))).toMatchObject({ code: 'origin_not_allowed' });
        remove();
      }
    }
    expect(apis.misdirected).toEqual([]);
    expect(apis.received).toEqual([]);
  });

  it('resolves to the access token of one API, and refuses the name of an unknown one', async () => {
    const { auth } = await signedIn();
    const token = await apis.world.until(auth.getAccessToken({ api: FILES }));
    expect(apis.tokens.get(token)).toMatchObject({ origin: FILES, user: 'ada' });
    expect(await apis.world.until(auth.getAccessToken({ api: `${FILES}/` as typeof FILES }))).toBe(token);
    expect(apis.tokens.get(await apis.world.until(auth.getAccessToken()))).toMatchObject({ origin: MAIN });
    expect(await rejection(auth.getAccessToken({ api: 'https://evil.example' as typeof FILES }))).toMatchObject({ code: 'invalid_config', field: 'api' });
  });

  it('runs the interceptors of the client and of the call around the calls to each API', async () => {
    const { auth } = await signedIn();
    const seen: string[] = [];
    const note = (name: string) => (request: Request, next: (request: Request) => Promise<Response>) => (seen.push(`${name} ${new URL(request.url).origin}`), next(request));
    const remove = auth.intercept(note('client'));
    const fetch = auth.fetchWith([note('call')]);
    await apis.world.until(fetch(`${FILES}/a`));
    await apis.world.until(fetch(new Request(`${MAIN}/posts`)));
    remove();
    await apis.world.until(auth.fetch(new URL(`${MAIL}/a`)));
    expect(seen).toEqual([`client ${FILES}`, `call ${FILES}`, `client ${MAIN}`, `call ${MAIN}`]);
  });
});
