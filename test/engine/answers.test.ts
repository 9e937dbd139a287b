import { bonfire } from 'unexpired/bonfire';
import { oauth2 } from 'unexpired/oauth2';
import { classifyFailure, defineProtocol, type Platform, type Protocol } from 'unexpired/core';
import { describe, expect, it } from 'vitest';
import { OTHER_ANSWERS, SERVER_ANSWERS, type AnswerRow } from '../../storybook/docs/answers.ts';
import { API, CHECKS, HOUR, openPage } from '../support/answer-page.ts';
import { createSetup, LIFETIME_MS } from '../support/setup.ts';

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
