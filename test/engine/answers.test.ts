import { bonfire } from 'unexpired/bonfire';
import { oauth2 } from 'unexpired/oauth2';
import { classifyFailure, defineProtocol, type AuthClient, type Platform, type Protocol } from 'unexpired/core';
import { describe, expect, it } from 'vitest';
import { OTHER_ANSWERS, SERVER_ANSWERS, type AnswerClass, type AnswerRow } from '../../storybook/docs/answers.ts';
import { createSetup, LIFETIME_MS, rejection, type Setup } from '../support/setup.ts';

const API = 'https://api.bonfire.test';
const HOUR = 3_600_000;

interface Page {
  readonly setup: Setup;
  readonly auth: AuthClient;
  /** How often the refresh token was sent, over all pages. */
  readonly sent: () => number;
  readonly reload: () => AuthClient;
}

/** A page that is signed in, and whose refreshes all get one answer. */
async function openPage({ status, body, isFinal: words }: AnswerRow): Promise<Page> {
  const setup = createSetup();
  const { until, now } = setup.world;
  let sent = 0;
  const isFinal = words === undefined ? {} : { isFinal: ({ body: text }: { readonly body: string }) => text.includes(words) };
  const protocol = oauth2({ tokenEndpoint: `${API}/v1/token`, clientId: 'app', resourceOrigins: [API], ...isFinal });
  const answer: Platform['fetch'] = async () => {
    sent++;
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });
  };
  const open = () => {
    const { platform } = setup.world.openTab();
    return setup.open({ protocol, platform: { ...platform, fetch: answer } }).auth;
  };
  const auth = open();
  await until(auth.signIn({ accessToken: 'a1', refreshToken: 'r1', expiresAt: now() + LIFETIME_MS, scopes: [] }));
  const reload = () => {
    auth.dispose();
    return open();
  };
  return { setup, auth, sent: () => sent, reload };
}

const callError = ({ setup }: Page, auth: AuthClient) => setup.world.until(rejection(auth.fetch(`${API}/posts`)));

/** Checks what `CLASSES` of the page says about each class. */
const CHECKS: Readonly<Record<AnswerClass, (page: Page, row: AnswerRow) => Promise<void>>> = {
  async final({ setup, auth, sent }, { endReason }) {
    await setup.world.advance(HOUR);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason });
    expect(sent()).toBe(1);
  },
  async misconfigured(page) {
    await page.setup.world.advance(HOUR);
    expect(await callError(page, page.auth)).toMatchObject({ code: 'misconfigured', transient: false });
    expect(page.auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked' } });
    expect(page.sent()).toBe(1);
    const reloaded = page.reload();
    expect(await callError(page, reloaded)).toMatchObject({ code: 'misconfigured' });
    await page.setup.world.advance(HOUR);
    expect(page.sent()).toBe(2);
  },
  async unreadable(page) {
    await page.setup.world.advance(HOUR);
    expect(await callError(page, page.auth)).toMatchObject({ code: 'misconfigured', transient: false });
    expect(page.auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked' } });
    const reloaded = page.reload();
    expect(await callError(page, reloaded)).toMatchObject({ code: 'misconfigured' });
    await page.setup.world.advance(HOUR);
    expect(page.sent()).toBe(1);
    await page.setup.world.until(rejection(reloaded.refresh()));
    expect(page.sent()).toBe(2);
  },
  async 'unknown refusal'(page) {
    await page.setup.world.advance(LIFETIME_MS + 1000);
    expect(await callError(page, page.auth)).toMatchObject({ code: 'refresh_unavailable', transient: true });
    expect(page.auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'waiting' } });
    await page.setup.world.advance(HOUR);
    expect(page.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_refused' });
    expect(page.sent()).toBe(20);
  },
  async 'wrong address'(page) {
    await page.setup.world.advance(LIFETIME_MS + 1000);
    expect(await callError(page, page.auth)).toMatchObject({ code: 'misconfigured', transient: true });
    await page.setup.world.advance(4 * HOUR);
    expect(page.auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'waiting' } });
    expect(page.sent()).toBeGreaterThan(100);
  },
  async transient(page) {
    await page.setup.world.advance(LIFETIME_MS + 1000);
    expect(await callError(page, page.auth)).toMatchObject({ code: 'refresh_unavailable', transient: true });
    await page.setup.world.advance(4 * HOUR);
    expect(page.auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'waiting' } });
    expect(page.sent()).toBeGreaterThan(100);
  },
};

const nameOf = ({ from, status, body, isFinal, class: kind }: AnswerRow) =>
  `${from}, ${status} ${typeof body === 'string' ? body : JSON.stringify(body)}${isFinal === undefined ? '' : ` with isFinal for ${isFinal}`}, is ${kind}`;

describe('an answer to a refresh', () => {
  it.each([...SERVER_ANSWERS, ...OTHER_ANSWERS].map((row) => [nameOf(row), row] as const))('(%s) has the consequences that the documentation states', async (_, row) => {
    await CHECKS[row.class](await openPage(row), row);
  });
});

describe('unknown refusals', () => {
  const refusal: AnswerRow = { from: 'a server', status: 400, body: { message: 'no' }, class: 'unknown refusal' };

  it('end no session while its access token can be used', async () => {
    const { setup, auth, sent } = await openPage(refusal);
    const tokens = { accessToken: 'a1', refreshToken: 'r1', expiresAt: setup.world.now() + 24 * HOUR, scopes: [] };
    await setup.world.until(auth.signIn(tokens));
    await setup.world.advance(24 * HOUR - 1000);
    expect(sent()).toBeGreaterThan(5);
    expect(auth.getSnapshot().status).toBe('signedIn');
    await setup.world.advance(2 * HOUR);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_refused' });
  });

  it.each<[string, Protocol, object]>([
    ['bonfire', bonfire({ baseUrl: `${API}/v1`, appKey: 'app-key' }), { error: { code: 999 } }],
    ['a protocol of the app', defineProtocol({
      name: 'own',
      baseUrl: API,
      refreshRequest: () => ({ url: `${API}/renew`, method: 'POST', headers: {} }),
      readRefresh: (answer) => classifyFailure(answer),
      isRejection: () => false,
    }), { message: 'no' }],
  ])('end the session of %s, too', async (_, protocol, body) => {
    const setup = createSetup();
    const { platform } = setup.world.openTab();
    let sent = 0;
    const { auth } = setup.open({ protocol, platform: { ...platform, fetch: async () => (sent++, Response.json(body, { status: 400 })) } });
    await setup.world.until(auth.signIn({ accessToken: 'a1', refreshToken: 'r1', expiresAt: setup.world.now() + LIFETIME_MS, scopes: [] }));
    await setup.world.advance(HOUR);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_refused' });
    expect(sent).toBe(20);
  });

  it('count together, even if their status and their words differ', async () => {
    const setup = createSetup();
    const { platform } = setup.world.openTab();
    let sent = 0;
    const answer: Platform['fetch'] = async () => Response.json({ message: `no ${sent}` }, { status: ++sent % 2 === 0 ? 400 : 401 });
    const protocol = oauth2({ tokenEndpoint: `${API}/v1/token`, clientId: 'app', resourceOrigins: [API] });
    const { auth } = setup.open({ protocol, platform: { ...platform, fetch: answer } });
    await setup.world.until(auth.signIn({ accessToken: 'a1', refreshToken: 'r1', expiresAt: setup.world.now() + LIFETIME_MS, scopes: [] }));
    await setup.world.advance(HOUR);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_refused' });
    expect(sent).toBe(20);
  });

  it('are counted over reloads and over all tabs', async () => {
    const { setup, sent, reload } = await openPage(refusal);
    await setup.world.advance(3 * LIFETIME_MS);
    const before = sent();
    expect(before).toBeGreaterThan(3);
    const reloaded = reload();
    reloaded.subscribe(() => undefined);
    await setup.world.advance(HOUR);
    expect(reloaded.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_refused' });
    expect(sent()).toBe(20);
  });

  it('do not count together with another answer in between', async () => {
    const setup = createSetup();
    const { platform } = setup.world.openTab();
    let sent = 0;
    const answer: Platform['fetch'] = async () => (++sent % 15 === 0 ? new Response('', { status: 503 }) : Response.json({ message: 'no' }, { status: 400 }));
    const protocol = oauth2({ tokenEndpoint: `${API}/v1/token`, clientId: 'app', resourceOrigins: [API] });
    const { auth } = setup.open({ protocol, platform: { ...platform, fetch: answer } });
    await setup.world.until(auth.signIn({ accessToken: 'a1', refreshToken: 'r1', expiresAt: setup.world.now() + LIFETIME_MS, scopes: [] }));
    await setup.world.advance(4 * HOUR);
    expect(sent).toBeGreaterThan(100);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });
});
