import { inCookie, type Platform } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { describe, expect, it } from 'vitest';
import { COOKIE_ANSWERS, type CookieAnswerRow } from '../../storybook/docs/answers.ts';
import { createSetup, LIFETIME_MS, rejection } from '../support/setup.ts';

const API = 'https://api.bonfire.test';

/** Opens a page whose token requests all get one answer. */
function openPage({ status, body, isFinal: words }: Pick<CookieAnswerRow, 'status' | 'body' | 'isFinal'>) {
  const setup = createSetup();
  const isFinal = words === undefined ? {} : { isFinal: (answer: { readonly body: string }) => answer.body.includes(words) };
  const protocol = oauth2({ tokenEndpoint: `${API}/v1/token`, clientId: 'app', resourceOrigins: [API], refreshToken: inCookie(), ...isFinal });
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const { platform } = setup.world.openTab();
  const fetch: Platform['fetch'] = async () => new Response(status === 204 ? null : text, { status });
  return { setup, auth: setup.open({ protocol, platform: { ...platform, fetch } }).auth };
}

describe.each(COOKIE_ANSWERS)('with the refresh token in a cookie, $from ($status $body, isFinal: $isFinal)', (row) => {
  it(`has the class "${row.live}" while a user is signed in`, async () => {
    const { setup, auth } = openPage(row);
    const { until, now } = setup.world;
    await until(auth.signIn({ accessToken: 'a1', expiresAt: now() + LIFETIME_MS, scopes: [] }));
    const error = await until(rejection(auth.refresh()));
    const { status, refresh } = auth.getSnapshot();
    if (row.live === 'final') expect([status, error]).toEqual(['signedOut', expect.objectContaining({ code: 'session_ended', endReason: 'refresh_token_invalid' })]);
    if (row.live === 'misconfigured') expect([status, refresh.state, error]).toEqual(['signedIn', 'blocked', expect.objectContaining({ code: 'misconfigured', transient: false })]);
    if (row.live === 'wrong address') expect([status, refresh.state, error]).toEqual(['signedIn', 'waiting', expect.objectContaining({ code: 'misconfigured', transient: true })]);
    if (row.live === 'transient' || row.live === 'unknown refusal') expect([status, refresh.state, error]).toEqual(['signedIn', 'waiting', expect.objectContaining({ code: 'refresh_unavailable' })]);
    if (row.live === 'unknown refusal') {
      await setup.world.advance(3_600_000);
      expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_refused' });
    }
  });

  it(`has the class "${row.restoring}" for a page that asks whether there is a session`, async () => {
    const { setup, auth } = openPage(row);
    auth.subscribe(() => undefined);
    await setup.world.advance(2000);
    const { status, endReason, refresh } = auth.getSnapshot();
    const expected = {
      final: ['signedOut', null, 'idle', undefined],
      misconfigured: ['signedOut', null, 'blocked', 'misconfigured'], // The page asks no more, so it must not wait for ever.
      'wrong address': ['loading', null, 'waiting', 'misconfigured'],
      transient: ['loading', null, 'waiting', 'refresh_unavailable'],
      'unknown refusal': ['loading', null, 'waiting', 'refresh_unavailable'],
      unreadable: [],
    }[row.restoring];
    expect([status, endReason, refresh.state, refresh.error?.code]).toEqual(expected);
  });
});

describe('a network error at the first token request', () => {
  async function detailOf(tokenEndpoint: string): Promise<string> {
    const setup = createSetup();
    const { platform } = setup.world.openTab();
    const protocol = oauth2({ tokenEndpoint, clientId: 'app', resourceOrigins: [API], refreshToken: inCookie() });
    const { auth } = setup.open({ protocol, platform: { ...platform, fetch: () => Promise.reject(new TypeError('Failed to fetch')) } });
    auth.subscribe(() => undefined);
    await setup.world.advance(100);
    return auth.getSnapshot().refresh.error?.message ?? '';
  }

  it('names the answer headers of CORS with cookies if the endpoint is on another origin', async () => {
    expect(await detailOf(`${API}/v1/token`)).toMatch(/Access-Control-Allow-Credentials: true.*Access-Control-Allow-Origin: https:\/\/app\.bonfire\.test.*x-csrf/);
  });

  it('does not name CORS if the endpoint is on the origin of the page', async () => {
    expect(await detailOf('https://app.bonfire.test/token')).toMatch(/could not be reached \(TypeError\)\.$/);
  });
});
