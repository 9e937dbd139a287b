import { afterEach, describe, expect, it } from 'vitest';
import { openScene, type AttackScene } from './support.ts';

let scene: AttackScene;
afterEach(() => scene.close());

/** Tries to set a session of the attacker, by each spelling that has ever worked in a browser. */
async function toss(name: string): Promise<void> {
  const eve = await scene.app.signIn('eve');
  const value = eve.slice(eve.indexOf('=') + 1);
  await scene.evil.evaluate(([cookieName, id]) => {
    const pairs = [`${cookieName}=${id}`, `=${cookieName}=${id}`, `\u2000${cookieName}=${id}`, ` ${cookieName}=${id}`, `${cookieName?.toLowerCase()}=${id}`, `x; ${cookieName}=${id}`, `\u0000${cookieName}=${id}`];
    for (const pair of pairs) for (const rest of ['; Domain=shop.localhost', '; Domain=shop.localhost; Path=/auth', '; Domain=shop.localhost; Path=/; Secure']) document.cookie = pair + rest;
  }, [name, value]);
}

describe('a subdomain that sets cookies for the whole site', () => {
  // claim: attack-cookie-tossing
  it('gives no user the session of another, before or after a sign-in', async () => {
    scene = await openScene('another subdomain');
    await toss('__Host-session');
    expect(await scene.subject()).toBeNull();
    await scene.signIn('ann');
    expect(await scene.subject()).toBe('ann');
    await toss('__Host-session');
    expect(await scene.subject()).toBe('ann');
  });

  // claim: attack-cookie-tossing-without-a-prefix
  it('can give a visitor its own session, and can sign a user out, if the cookie has no prefix', async () => {
    scene = await openScene('another subdomain', { secure: false });
    await toss('session');
    expect(await scene.subject()).toBe('eve');
    await scene.signIn('ann');
    await toss('session');
    expect(await scene.subject()).toBeNull();
  });
});

describe('a session that an attacker has started', () => {
  // claim: attack-session-fixation
  it('is not that of a user who signs in with its cookie, because each sign-in draws another id', async () => {
    scene = await openScene('another site');
    const { app, own } = scene;
    const eve = await app.signIn('eve');
    await own.evaluate((pair) => void (document.cookie = `${pair}; Path=/; Secure`), eve);
    expect(await scene.subject()).toBe('eve');
    await scene.signIn('ann');
    expect(await scene.subject()).toBe('ann');
    const session = await app.sessions.of({ headers: new Headers({ cookie: eve }) });
    expect(session.snapshot()).toMatchObject({ status: 'signedOut' });
  });

  it('is in no script of its page', async () => {
    scene = await openScene('another site');
    await scene.signIn('ann');
    expect(await scene.own.evaluate(() => document.cookie)).toBe('');
    const [cookie] = await scene.own.context().cookies();
    expect(cookie).toMatchObject({ name: '__Host-session', httpOnly: true, secure: true, sameSite: 'Strict', path: '/' });
  });
});
