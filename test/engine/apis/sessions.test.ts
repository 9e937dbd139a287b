import { holdCalls, inCookie, type AuthClient } from 'unexpired/core';
import { createCookieJar } from 'unexpired/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { rejection } from '../../support/setup.ts';
import { createSeveralApis, FILES, LIFETIME_MS, MAIL, TOKEN_ENDPOINT, type SeveralApis } from '../../support/several-apis.ts';

let apis: SeveralApis;
beforeEach(() => {
  apis = createSeveralApis();
});

const get = async (auth: AuthClient, address: string) => (await apis.world.until(auth.fetch(address))).text();

async function signedIn(config: Parameters<SeveralApis['open']>[0] = {}) {
  const opened = apis.open(config);
  await apis.signIn(opened.auth);
  return opened;
}

/** Advances time until a token request is on its way. */
const tokenRequestSent = () => apis.world.until(new Promise<void>((resolve) => {
  const { onExchange } = apis.world;
  apis.world.onExchange = (exchange) => {
    onExchange(exchange);
    if (exchange.url.startsWith(TOKEN_ENDPOINT)) resolve();
  };
}));

describe('the access tokens of several APIs', () => {
  it('are gone in all tabs and in storage after a sign-out, and a late answer brings none back', async () => {
    const [one, two] = [await signedIn(), apis.open()];
    await get(one.auth, `${FILES}/a`);
    const late = rejection(two.auth.fetch(`${MAIL}/a`));
    await tokenRequestSent();
    await apis.world.until(one.auth.signOut());
    expect(await apis.world.until(late)).toMatchObject({ code: 'session_changed' });
    await apis.world.advance(1000);
    expect(apis.storedText()).not.toContain('access-');
    for (const { auth } of [one, two]) expect(await apis.world.until(rejection(auth.fetch(`${FILES}/a`)))).toMatchObject({ code: 'signed_out' });
  });

  // claim: no-api-token-of-another-user
  it('of one user are never sent as another user', async () => {
    const [one, two] = [await signedIn(), apis.open()];
    expect(await get(one.auth, `${FILES}/a`)).toBe('ada');
    const pending = rejection(two.auth.fetch(`${MAIL}/a`));
    await tokenRequestSent();
    await apis.signIn(one.auth, 'ben');
    expect(await apis.world.until(pending)).toMatchObject({ code: 'session_changed' });
    for (const { auth } of [one, two]) for (const origin of [FILES, MAIL]) expect(await get(auth, `${origin}/a`)).toBe('ben');
  });

  it('are requested by another tab if the tab that asks is killed', async () => {
    const [one, two] = [await signedIn(), apis.open()];
    void one.auth.fetch(`${FILES}/a`).catch(() => undefined);
    await tokenRequestSent();
    one.tab.kill();
    apis.options.rotates = false; // The answer is lost with the tab, and the server would end a rotated grant.
    expect(await get(two.auth, `${FILES}/a`)).toBe('ada');
  });

  it('are not stored with accessToken "memory", and each tab keeps its own through the refreshes of others', async () => {
    const [one, two] = [await signedIn({ accessToken: 'memory' }), apis.open({ accessToken: 'memory' })];
    expect(await get(two.auth, `${FILES}/a`)).toBe('ada'); // This tab has no access token of the session yet.
    expect(await get(one.auth, `${FILES}/a`)).toBe('ada');
    expect(await get(one.auth, `${MAIL}/a`)).toBe('ada');
    const before = apis.refreshes(FILES);
    expect(await get(two.auth, `${FILES}/b`)).toBe('ada');
    expect(await get(one.auth, `${FILES}/b`)).toBe('ada');
    expect([before, apis.refreshes(FILES)]).toEqual([2, 2]);
    expect(apis.storedText()).not.toContain('access-');
    for (let round = 0; round < 3; round++) {
      await apis.world.sleep(LIFETIME_MS * 2);
      for (const { auth } of [one, two]) for (const address of [`${FILES}/c`, '/posts', `${MAIL}/c`]) expect(await get(auth, address)).toBe('ada');
    }
    expect(apis.misdirected).toEqual([]);
  });

  it('are written back with the session if site data is cleared', async () => {
    const { auth } = await signedIn();
    await get(auth, `${FILES}/a`);
    apis.world.storage.clear();
    await get(auth, `${MAIL}/a`);
    await get(auth, `${FILES}/b`);
    expect(apis.refreshes(FILES)).toBe(1);
  });

  it('wait with the calls that are held while the session is lost, and go on as the same user', async () => {
    const { auth } = apis.open();
    const hold = holdCalls(auth, { subjectOf: ({ accessToken }) => accessToken.split('-').at(-1) ?? null });
    await apis.signIn(auth);
    apis.options.refusals = { [FILES]: { error: 'invalid_grant' } };
    const call = auth.fetch(`${FILES}/a`, { method: 'POST', body: 'a draft' });
    await apis.world.advance(1000);
    expect(hold.getSnapshot()).toMatchObject({ waiting: 1, cause: 'refresh_token_invalid' });
    apis.options.refusals = {};
    await apis.signIn(auth);
    expect(await (await apis.world.until(call)).text()).toBe('a draftada');
  });

  it('are dropped from storage once they have expired', async () => {
    const { auth } = await signedIn();
    await get(auth, `${FILES}/a`);
    await apis.world.sleep(LIFETIME_MS * 2);
    await get(auth, `${MAIL}/a`);
    const { session } = JSON.parse(String([...apis.world.storage.values.values()][0])) as { session: { others: object } };
    expect(Object.keys(session.others)).toEqual(['audience=mail&scope=mail.read']);
  });

  it('never are in a snapshot, an error or an event of the session', async () => {
    const { auth } = await signedIn();
    const token = await apis.world.until(auth.getAccessToken({ api: FILES }));
    expect(JSON.stringify(auth.getSnapshot())).not.toContain(token);
  });
});

describe('with the refresh token in a cookie', () => {
  beforeEach(() => {
    apis = createSeveralApis({ refreshToken: inCookie() });
    apis.world.jar = createCookieJar(() => Promise.reject(), { now: apis.world.now });
  });

  it('restores the session before it asks for the token of an API', async () => {
    apis.inCookie('ada');
    const { auth } = apis.open();
    expect(await get(auth, `${FILES}/a`)).toBe('ada');
    expect(await get(auth, `${MAIL}/a`)).toBe('ada');
    expect(apis.storedText()).not.toContain('refresh-');
    await apis.world.sleep(LIFETIME_MS * 2);
    for (const address of [`${FILES}/b`, '/posts', `${MAIL}/b`]) expect(await get(auth, address)).toBe('ada');
    expect(apis.misdirected).toEqual([]);
  });

  it('is signed out if there is no session in the cookie', async () => {
    const { auth } = apis.open();
    expect(await apis.world.until(rejection(auth.fetch(`${FILES}/a`)))).toMatchObject({ code: 'signed_out' });
    expect(apis.refreshes()).toBe(1);
  });
});
