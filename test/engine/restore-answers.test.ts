import { AuthError, type AuthClient } from 'unexpired/core';
import { describe, expect, it } from 'vitest';
import { COOKIE_ANSWERS, type AnswerClass } from '../../storybook/docs/answers.ts';
import { callError, HOUR, openPage, type AnswerPage, type PageAnswer } from '../support/answer-page.ts';
import { createCookieSetup, type CookieSetup } from '../support/cookie-setup.ts';
import { rejection } from '../support/setup.ts';

/** A page without an answer in time is either waiting or asking again. */
const GOES_ON = expect.stringMatching(/^(waiting|running)$/);

async function stays(status: string, page: AnswerPage, code: string, state: unknown): Promise<void> {
  expect(await callError(page, page.auth)).toMatchObject({ code });
  await page.setup.world.advance(HOUR);
  expect(page.auth.getSnapshot()).toMatchObject({ status, sessionId: null, tokens: null, endReason: null, refresh: { state } });
}

/** What a page sees in an hour, and a page that is loaded after it, by the class of each answer. */
const CHECKS: Readonly<Record<AnswerClass, (page: AnswerPage) => Promise<void>>> = {
  async final({ setup, auth, sent, reload }) {
    expect(await setup.world.until(auth.ready())).toMatchObject({ status: 'signedOut', endReason: null });
    expect(await setup.world.until(reload().ready())).toMatchObject({ status: 'signedOut', endReason: null });
    await setup.world.advance(HOUR);
    expect(sent()).toBe(1);
  },
  async misconfigured(page) {
    await stays('signedOut', page, 'misconfigured', 'blocked');
    expect(page.sent()).toBe(1);
    expect(await callError(page, page.reload())).toMatchObject({ code: 'misconfigured' });
    expect(page.sent()).toBe(2);
  },
  unreadable: () => expect.unreachable(), // The browser has the next cookie.
  async 'unknown refusal'(page) {
    expect(await callError(page, page.auth)).toMatchObject({ code: 'refresh_unavailable' });
    await page.setup.world.advance(HOUR);
    expect(page.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: null });
    expect(page.sent()).toBe(20);
  },
  'wrong address': (page) => stays('loading', page, 'misconfigured', GOES_ON),
  transient: (page) => stays('loading', page, 'refresh_unavailable', GOES_ON),
};

const NOTHING: readonly PageAnswer[] = [{ status: 'hang', body: '' }, { status: 'reset', body: '' }];

it.each([...COOKIE_ANSWERS, ...NOTHING.map((answer) => ({ ...answer, restoring: 'transient' as const }))])('a page that asks for its session has the same state for an hour (answer: $status $body, isFinal: $isFinal)', async (row) => {
  await CHECKS[row.restoring](await openPage(row, true));
});

describe('the error of a call while a page asks for its session', () => {
  it.each<[number | 'hang' | 'reset', string, string]>([
    [404, '', 'answered 404: check `tokenEndpoint`'],
    [200, '<html></html>', 'answered 200 with an HTML page: check `tokenEndpoint`'],
    [200, 'null', 'If it means that there is no session, recognise it with `isFinal` of `oauth2`'],
    [403, '<html></html>', 'compare it with `csrfHeader`: `x-csrf` was sent'],
    [429, '', 'HTTP 429'],
    [503, '', 'HTTP 503'],
    ['hang', '', 'within 10 s'],
    ['reset', '', '`Access-Control-Allow-Credentials: true`'],
  ])('names the likely cause of %s %s', async (status, body, text) => {
    const page = await openPage({ status, body }, true);
    expect(await callError(page, page.auth)).toMatchObject({ message: expect.stringContaining(text) });
  });
});

describe('the error of a failed refresh whose token is in a cookie', () => {
  const messageOf = async (setup: CookieSetup, auth: AuthClient) => {
    const error = await setup.world.until(rejection(auth.refresh()));
    return AuthError.is(error) ? error.message : '';
  };

  it('does not name CORS once the endpoint has answered this page', async () => {
    const setup = createCookieSetup();
    const { auth } = await setup.openSignedIn();
    setup.faultRefreshes('dropBefore');
    expect(await messageOf(setup, auth)).toMatch(/could not be reached \(TypeError\)\.$/);
  });

  it('names the cookie for double submit that this page cannot read', async () => {
    const csrfHeader = { name: 'x-csrf', cookie: 'csrf' };
    const setup = createCookieSetup({ cookie: { csrfHeader } }, { csrfHeader }); // Only pages of the API's own host can read it.
    const { auth } = await setup.openSignedIn();
    expect(await messageOf(setup, auth)).toContain('`x-csrf` was left out, because this page can read no cookie `csrf`');
  });
});
