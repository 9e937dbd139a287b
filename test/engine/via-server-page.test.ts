import { restoreSession } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createServerSetup, type ServerSetup } from '../support/server-setup.ts';
import { rejection } from '../support/setup.ts';

let setup: ServerSetup;
beforeEach(() => {
  setup = createServerSetup('page');
});

const tokenAnswers = () => setup.asked().filter((line) => line.startsWith('token'));

describe('a page that gets its access token from the server', () => {
  // claim: mediated-token-in-memory
  it('calls the API itself, and keeps the token in memory only', async () => {
    const { auth, tab } = setup.open();
    await setup.signIn(auth);
    expect((await setup.world.until(auth.fetch('/me'))).status).toBe(200);
    expect(setup.server.accepted).toEqual(['ann-access-1']);
    expect(setup.calls()).toEqual([]);
    expect(await setup.world.until(auth.getAccessToken())).toBe('ann-access-1');
    expect(JSON.stringify([[...setup.world.storage.values.values()], tab.posted])).not.toContain('-access-');
    expect(setup.asked()).toEqual(['sign-in 200']);
  });

  // claim: mediated-no-refresh-token
  it('never gets the refresh token', async () => {
    const answers: string[] = [];
    const { tab } = setup.open();
    const spied = setup.open({ platform: { ...tab.platform, fetch: async (input, init) => {
      const response = await tab.platform.fetch(input, init);
      answers.push(await response.clone().text());
      return response;
    } } });
    await setup.signIn(spied.auth);
    await setup.world.until(spied.auth.refresh());
    expect(answers.join()).toContain('ann-access-2');
    expect(answers.join()).not.toContain('-refresh-');
  });

  it('costs the server no refresh if a new tab asks for the token', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    const { auth: second } = setup.open();
    expect(await setup.world.until(second.getAccessToken())).toBe('ann-access-1');
    expect(tokenAnswers()).toEqual(['token 200']);
    expect(setup.server.sent).toEqual([]);
  });

  it('costs the server one refresh if the token of 8 tabs is rejected in 160 calls', async () => {
    const tabs = Array.from({ length: 8 }, () => setup.open().auth);
    await setup.signIn(tabs[0]!);
    await setup.world.until(Promise.all(tabs.map((auth) => auth.getAccessToken())));
    setup.server.revoke('ann-access-1');
    const answers = await setup.world.until(Promise.all(tabs.flatMap((auth) => Array.from({ length: 20 }, () => auth.fetch('/me')))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(160);
    expect(setup.server).toMatchObject({ sent: ['ann-refresh-1'], reuses: 0 });
  });

  it('refreshes before the token expires, by the server’s own answer about its clock', async () => {
    const { tab: { platform } } = setup.open();
    const now = () => ({ ...platform.now(), wall: platform.now().wall + 3_600_000 });
    const { auth } = setup.open({ platform: { ...platform, now } });
    await setup.signIn(auth);
    await setup.world.advance(setup.server.lifetimeMs * 0.9);
    expect(setup.server.sent).toEqual(['ann-refresh-1']);
    expect((await setup.world.until(auth.fetch('/me'))).status).toBe(200);
    expect(setup.server.refused).toEqual([]);
  });

  it('shows the session of another user who has signed in at the server, and fails the pending call', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth, 'ann');
    await setup.signInByServer('ben');
    setup.server.revoke('ann-access-1');
    expect(await setup.world.until(rejection(auth.fetch('/me')))).toMatchObject({ code: 'session_changed' });
    expect(auth.getSnapshot().tokens).toMatchObject({ accessToken: 'ben-access-1', extra: { subject: 'ben' } });
  });

  it('names the wrong setting if the server gives no tokens', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    setup.answer = () => Response.json({ error: 'not_found' }, { status: 404 });
    const error = await setup.world.until(rejection(restoreSession(setup.open().auth)));
    expect(error).toMatchObject({ code: 'misconfigured', message: expect.stringContaining('`tokens: "page"` of `createSessions`') });
    expect(auth.getSnapshot().status).toBe('signedIn');
  });
});
