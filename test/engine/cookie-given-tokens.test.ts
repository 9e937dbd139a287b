import { beforeEach, describe, expect, it } from 'vitest';
import { createCookieSetup, type CookieSetup } from '../support/cookie-setup.ts';
import { rejection } from '../support/setup.ts';

/** Tokens that the app has got itself. Their cookie is in the jar. */
const TOKENS = { accessToken: 'own', expiresAt: null, scopes: [] };

describe('a sign-in that is the first use of a page, after a sign-out that was not confirmed', () => {
  let setup: CookieSetup;
  beforeEach(async () => {
    setup = createCookieSetup();
    const { auth, tab } = await setup.openSignedIn();
    setup.world.faultOf = ({ url }) => (url.endsWith('/sign-out') ? 'dropBefore' : 'none');
    await setup.world.until(auth.signOut());
    await setup.world.advance(1000);
    tab.kill();
    setup.world.faultOf = () => 'none';
  });

  const signOuts = () => setup.tokenRequests().filter((request) => request === '/oauth/sign-out 204');

  it('keeps the cookie of its tokens', async () => {
    const { auth } = setup.open();
    await setup.world.until(auth.signIn(TOKENS));
    await setup.world.advance(5000);
    expect(setup.jar.cookies).toHaveLength(1);
    expect(signOuts()).toEqual([]);
  });

  it('lets the API remove the cookie if it fails', async () => {
    const { auth } = setup.open();
    expect(await setup.world.until(rejection(auth.signIn(() => Promise.reject(new Error('closed')))))).toMatchObject({ message: 'closed' });
    await setup.world.advance(5000);
    expect(setup.jar.cookies).toEqual([]);
    expect(signOuts()).toHaveLength(1);
  });
});
