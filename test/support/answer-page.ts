import { oauth2 } from 'unexpired/oauth2';
import { inCookie, type AuthClient, type Platform } from 'unexpired/core';
import { expect } from 'vitest';
import type { AnswerClass, AnswerRow } from '../../storybook/docs/answers.ts';
import { createSetup, LIFETIME_MS, rejection, type Setup } from './setup.ts';

export const API = 'https://api.bonfire.test';
export const HOUR = 3_600_000;

/** A page whose refreshes all get one answer. */
export interface AnswerPage {
  readonly setup: Setup;
  readonly auth: AuthClient;
  /** How often the refresh token was sent, over all pages. */
  readonly sent: () => number;
  readonly reload: () => AuthClient;
}

/** The answer of a page. `hang` and `reset` are no answer at all. */
export interface PageAnswer extends Pick<AnswerRow, 'body' | 'isFinal'> {
  readonly status: number | 'hang' | 'reset';
}

/** Opens a page that is signed in, or one that asks whether a cookie has a session. */
export async function openPage({ status, body, isFinal: words }: PageAnswer, asks = false): Promise<AnswerPage> {
  const setup = createSetup();
  const { until, now } = setup.world;
  let sent = 0;
  const isFinal = words === undefined ? {} : { isFinal: ({ body: text }: { readonly body: string }) => text.includes(words) };
  const cookie = asks ? { refreshToken: inCookie() } : {};
  const protocol = oauth2({ tokenEndpoint: `${API}/v1/token`, clientId: 'app', resourceOrigins: [API], ...isFinal, ...cookie });
  const answer: Platform['fetch'] = async (_, { signal } = {}) => {
    sent++;
    if (status === 'reset') throw new TypeError('Failed to fetch');
    if (status === 'hang') return new Promise((__, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return new Response(status === 204 ? null : text, { status });
  };
  const open = () => {
    const { platform } = setup.world.openTab();
    return setup.open({ protocol, platform: { ...platform, fetch: answer } }).auth;
  };
  const auth = open();
  if (!asks) await until(auth.signIn({ accessToken: 'a1', refreshToken: 'r1', expiresAt: now() + LIFETIME_MS, scopes: [] }));
  const reload = () => {
    auth.dispose();
    return open();
  };
  return { setup, auth, sent: () => sent, reload };
}

export const callError = ({ setup }: AnswerPage, auth: AuthClient) => setup.world.until(rejection(auth.fetch(`${API}/posts`)));

/** Checks what `CLASSES` of the page says about each class. */
export const CHECKS: Readonly<Record<AnswerClass, (page: AnswerPage, row: AnswerRow) => Promise<void>>> = {
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
