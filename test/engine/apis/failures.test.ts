import { beforeEach, describe, expect, it } from 'vitest';
import { observe, type AuthClient } from 'unexpired/core';
import { rejection } from '../../support/setup.ts';
import { createSeveralApis, FILES, LIFETIME_MS, MAIL, MAIN, TOKEN_ENDPOINT, type SeveralApis } from '../../support/several-apis.ts';

let apis: SeveralApis;
beforeEach(() => {
  apis = createSeveralApis();
});

const status = async (auth: AuthClient, address: string) => (await apis.world.until(auth.fetch(address))).status;
const failure = (auth: AuthClient, address: string) => apis.world.until(rejection(auth.fetch(address)));

async function signedIn(config: Parameters<SeveralApis['open']>[0] = {}) {
  const opened = apis.open(config);
  await apis.signIn(opened.auth);
  return opened;
}

/** Lets each token request fail on its way, or no more. */
function breakNetwork(isBroken: boolean): void {
  apis.world.faultOf = ({ url }) => (isBroken && url.startsWith(TOKEN_ENDPOINT) ? 'dropBefore' : 'none');
}

describe('if the authorization server refuses the access token of one API', () => {
  // claim: refused-api-alone
  it.each([
    ['invalid_target', {}],
    ['invalid_scope', {}],
    ['access_denied', { status: 403 }],
    ['interaction_required', {}],
    ['consent_required', {}],
    ['invalid_grant', { suberror: 'consent_required' }],
    ['invalid_request', {}],
    ['unauthorized_client', {}],
  ])('with %s, calls to that API fail with the code, and everything else goes on', async (error, rest) => {
    apis.options.refusals = { [FILES]: { error, ...rest } };
    const { auth } = await signedIn();
    for (let call = 0; call < 3; call++) expect(await failure(auth, `${FILES}/a`)).toMatchObject({ code: 'grant_refused', apiCode: error, field: FILES, transient: false });
    expect(apis.refreshes(FILES)).toBe(1);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'idle', error: null } });
    expect(await status(auth, `${MAIL}/a`)).toBe(200);
    await apis.world.sleep(LIFETIME_MS * 2);
    expect(await status(auth, '/posts')).toBe(200);
    expect(await status(auth, `${MAIL}/a`)).toBe(200);
  });

  it('the API is asked for again after five minutes, and at once after another sign-in', async () => {
    apis.options.refusals = { [FILES]: { error: 'invalid_target' } };
    const { auth } = await signedIn();
    await failure(auth, `${FILES}/a`);
    await apis.world.sleep(290_000);
    await failure(auth, `${FILES}/a`);
    expect(apis.refreshes(FILES)).toBe(1);
    await apis.world.sleep(20_000);
    await failure(auth, `${FILES}/a`);
    expect(apis.refreshes(FILES)).toBe(2);
    apis.options.refusals = {};
    await apis.signIn(auth);
    expect(await status(auth, `${FILES}/a`)).toBe(200);
  });

  it('observers see an answer that grants nothing', async () => {
    apis.options.refusals = { [FILES]: { error: 'invalid_target' } };
    const { auth } = await signedIn();
    const outcomes: string[] = [];
    observe(auth, (event) => void (event.type === 'refreshAnswered' && outcomes.push(event.outcome)));
    await failure(auth, `${FILES}/a`);
    await status(auth, `${MAIL}/a`);
    expect(outcomes).toEqual(['misconfigured', 'granted']);
  });

  it('its living token is used to the end', async () => {
    const { auth } = await signedIn();
    await status(auth, `${FILES}/a`);
    apis.options.refusals = { [FILES]: { error: 'access_denied' } };
    await apis.world.sleep(LIFETIME_MS * 0.95);
    expect(await status(auth, `${FILES}/a`)).toBe(200);
    await apis.world.advance(1000);
    expect(apis.refreshes(FILES)).toBe(2);
    expect(await status(auth, `${FILES}/a`)).toBe(200);
    await apis.world.sleep(LIFETIME_MS);
    expect(await failure(auth, `${FILES}/a`)).toMatchObject({ code: 'grant_refused' });
    expect(apis.refreshes(FILES)).toBe(2);
  });

  it('a call without a need for a session is sent without a token', async () => {
    apis.options.refusals = { [FILES]: { error: 'invalid_target' } };
    const { auth } = await signedIn();
    const response = await apis.world.until(auth.fetchWith([], { session: 'optional' })(`${FILES}/a`));
    expect([response.status, apis.received.at(-1)?.user]).toEqual([401, null]);
  });

  it('the session ends as rotation_lost if the server has rotated the refresh token before the refusal', async () => {
    apis.options.refusals = { [FILES]: { error: 'invalid_target' } };
    apis.options.rotatesBeforeRefusal = true;
    const { auth } = await signedIn();
    expect(await failure(auth, `${FILES}/a`)).toMatchObject({ code: 'grant_refused', apiCode: 'invalid_target' });
    expect(await status(auth, '/posts')).toBe(200);
    await apis.world.sleep(LIFETIME_MS * 2);
    expect(await failure(auth, '/posts')).toMatchObject({ code: 'session_ended', endReason: 'rotation_lost' });
  });
});

describe('if the authorization server refuses the refresh token of a request for one API', () => {
  // claim: invalid-grant-ends-all
  it('the session ends, and no token of it is left', async () => {
    const { auth } = await signedIn();
    await status(auth, `${MAIL}/a`);
    apis.options.refusals = { [FILES]: { error: 'invalid_grant' } };
    expect(await failure(auth, `${FILES}/a`)).toMatchObject({ code: 'session_ended', endReason: 'refresh_token_invalid' });
    for (const address of ['/posts', `${FILES}/a`, `${MAIL}/a`]) expect(await failure(auth, address)).toMatchObject({ code: 'signed_out' });
    expect(apis.storedText()).not.toContain('access-');
    expect(apis.refreshes()).toBe(2);
  });

  it('with endWhen "token_expires", the session goes on with the tokens that live, and ends with its own', async () => {
    const { auth } = await signedIn({ endWhen: 'token_expires' });
    await status(auth, `${MAIL}/a`);
    apis.options.refusals = { [FILES]: { error: 'invalid_grant' } };
    expect(await failure(auth, `${FILES}/a`)).toMatchObject({ code: 'refresh_unavailable', endReason: 'refresh_token_invalid' });
    expect(await status(auth, '/posts')).toBe(200);
    expect(await status(auth, `${MAIL}/a`)).toBe(200);
    expect(await failure(auth, `${FILES}/a`)).toMatchObject({ code: 'refresh_unavailable' });
    await apis.world.advance(LIFETIME_MS);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid' });
    expect(apis.refreshes()).toBe(2);
  });

  it('a wrong client id blocks the refreshes of the session, which has the same one', async () => {
    apis.options.refusals = { [FILES]: { status: 401, error: 'invalid_client' } };
    const { auth } = await signedIn();
    expect(await failure(auth, `${FILES}/a`)).toMatchObject({ code: 'misconfigured' });
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked' } });
  });
});

describe('while the token endpoint cannot be reached', () => {
  // claim: one-backoff-for-all-apis
  it('all APIs and all tabs share one backoff', async () => {
    const tabs = [await signedIn(), apis.open()];
    await apis.world.sleep(LIFETIME_MS * 2);
    breakNetwork(true);
    for (let passed = 0; passed < 60_000; passed += 500) {
      for (const { auth } of tabs) for (const address of ['/posts', `${FILES}/a`, `${MAIL}/a`]) void auth.fetch(address).catch(() => undefined);
      await apis.world.advance(500);
    }
    expect(apis.refreshes()).toBeLessThanOrEqual(20);
    expect(apis.refreshes()).toBeGreaterThan(2);
    breakNetwork(false);
    await apis.world.advance(65_000);
    for (const { auth } of tabs) for (const address of ['/posts', `${FILES}/a`, `${MAIL}/a`]) expect(await status(auth, address)).toBe(200);
  });

  it('a call to an API whose token lives needs none, and a call to another one waits or fails as transient', async () => {
    const { auth } = await signedIn();
    await status(auth, `${FILES}/a`);
    breakNetwork(true);
    expect(await failure(auth, `${MAIL}/a`)).toMatchObject({ code: 'refresh_unavailable', transient: true });
    expect(await status(auth, `${FILES}/a`)).toBe(200);
    expect(await status(auth, '/posts')).toBe(200);
  });

  it('a lost answer for one API loses no session if the server does not rotate, and ends it as rotation_lost if it does', async () => {
    for (const rotates of [false, true]) {
      apis = createSeveralApis();
      apis.options.rotates = rotates;
      const { auth } = await signedIn();
      let isLost = false;
      apis.world.faultOf = ({ url }) => (url.startsWith(TOKEN_ENDPOINT) && !isLost ? ((isLost = true), 'dropAfter') : 'none');
      const outcome = await apis.world.until(auth.fetch(`${FILES}/a`).then(({ status: code }) => code, (error: { endReason: string }) => error.endReason));
      expect(outcome).toBe(rotates ? 'rotation_lost' : 200);
    }
  });
});

it('a session without a refresh token has no access token for another API', async () => {
  const { auth } = apis.open();
  await apis.world.until(auth.signIn({ ...apis.tokensOf('ada'), refreshToken: undefined }));
  expect(await failure(auth, `${FILES}/a`)).toMatchObject({ code: 'refresh_unavailable', message: expect.stringContaining(FILES) });
  expect(await status(auth, '/posts')).toBe(200);
  expect([apis.refreshes(), apis.refreshes(MAIN)]).toEqual([0, 0]);
});
