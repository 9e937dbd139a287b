import type { AuthClient } from 'unexpired/core';
import { confirmSession } from '../../src/core/confirm-session.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { createServerSetup, type ServerSetup } from '../support/server-setup.ts';

/** Signs a user out in a tab that is closed before the server can be reached. */
async function signOutOffline(setup: ServerSetup, user: string): Promise<void> {
  const { auth, tab } = setup.open();
  await setup.signIn(auth, user);
  setup.answer = () => new Response('', { status: 503 });
  await setup.world.until(auth.signOut());
  tab.kill();
  setup.answer = null;
}

const serverUser = async (setup: ServerSetup) => {
  const answer = await setup.world.until(setup.send('/auth/session', { headers: { 'sec-fetch-site': 'same-origin' } }));
  return ((await answer.json()) as { subject: string | null }).subject;
};

async function initialSession(setup: ServerSetup) {
  const request = new Request('https://app.bonfire.test/', { headers: { 'sec-fetch-site': 'none' } });
  setup.jar.attach(request);
  return (await setup.world.until(setup.sessions[0]!.of(request))).snapshot();
}

const settled = async (setup: ServerSetup, auth: AuthClient) => {
  await setup.world.until(auth.ready());
  await setup.world.advance(1000);
  return auth.getSnapshot();
};

describe.each(['server', 'page'] as const)('a sign-out without an answer, which the next page repeats, with the access token in the %s', (place) => {
  let setup: ServerSetup;
  beforeEach(() => {
    setup = createServerSetup(place);
  });

  it('ends the session that its tab has shown', async () => {
    await signOutOffline(setup, 'ann');
    expect(await settled(setup, setup.open().auth)).toMatchObject({ status: 'signedOut' });
    expect(await serverUser(setup)).toBe(null);
  });

  it('keeps no token in storage, only the public name of the session', async () => {
    await signOutOffline(setup, 'ann');
    const stored = JSON.stringify([...setup.world.storage.values.values()]);
    expect(stored).not.toMatch(/ann/);
    await settled(setup, setup.open().auth);
    expect(JSON.stringify([...setup.world.storage.values.values()])).not.toContain('"session"');
  });

  it.each(['ann', 'ben'])('leaves the session that %s has started on a page of the server since', async (user) => {
    await signOutOffline(setup, 'ann');
    await setup.signInByServer(user);
    await settled(setup, setup.open().auth);
    expect(await serverUser(setup)).toBe(user);
    expect(setup.server.isAlive(user)).toBe(true);
  });

  it('lets a page show the newer session that its server has rendered', async () => {
    await signOutOffline(setup, 'ann');
    await setup.signInByServer('ben');
    const { auth } = setup.open();
    await setup.world.until(confirmSession(auth, await initialSession(setup)));
    expect(await settled(setup, auth)).toMatchObject({ status: 'signedIn', tokens: { extra: { subject: 'ben' } } });
  });

  it('stays a sign-out if the page was rendered before it', async () => {
    const opened = setup.open();
    await setup.signIn(opened.auth, 'ann');
    const initial = await initialSession(setup);
    setup.answer = () => new Response('', { status: 503 });
    await setup.world.until(opened.auth.signOut());
    opened.tab.kill();
    setup.answer = null;
    const { auth } = setup.open();
    await setup.world.until(confirmSession(auth, initial));
    expect(await settled(setup, auth)).toMatchObject({ status: 'signedOut' });
    expect(await serverUser(setup)).toBe(null);
  });
});
