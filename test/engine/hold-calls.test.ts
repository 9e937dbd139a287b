import { holdCalls, type AuthClient, type Hold, type HoldOptions } from 'unexpired/core';
import { describe, expect, it } from 'vitest';
import { createSetup, rejection, type Setup } from '../support/setup.ts';

interface Held {
  readonly setup: Setup;
  readonly auth: AuthClient;
  readonly hold: Hold;
}

/** Opens a signed-in tab with a hold. */
async function openHeld(options: HoldOptions = {}): Promise<Held> {
  const setup = createSetup();
  const { auth } = setup.open();
  const hold = holdCalls(auth, options);
  await setup.signIn(auth);
  return { setup, auth, hold };
}

const publish = (auth: AuthClient, text: string, init: RequestInit = {}) =>
  auth.fetch('/users/me/posts', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text }), ...init });

/** Ends the session at the API, and lets the access token be rejected. */
function endSession({ api }: Setup): void {
  api.endSession({}, 460);
}

const lost = (waiting: number) => ({ cause: 'login_required', waiting });

/** Lets calls run until they wait or have failed. */
const settle = ({ world }: Setup) => world.advance(100);

/** The texts of the posts that the API has received, in their order. */
async function postsOf({ world }: Setup, auth: AuthClient): Promise<string[]> {
  const answer = (await (await world.until(auth.fetch('/users/me/posts'))).json()) as { data: { attributes: { text: string } }[] };
  return answer.data.map(({ attributes }) => attributes.text).reverse();
}

describe('a hold', () => {
  it('lets a call that failed with the session go on once, with its body, when the same user signs in again', async () => {
    const { setup, auth, hold } = await openHeld();
    endSession(setup);
    const call = publish(auth, 'a long text');
    await settle(setup);
    expect(hold.getSnapshot()).toEqual(lost(1));
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'login_required' });
    await setup.signIn(auth);
    expect((await setup.world.until(call)).status).toBe(201);
    expect(setup.answers('myPosts')).toEqual([401, 201]);
    expect(await postsOf(setup, auth)).toEqual(['a long text']);
    expect(hold.getSnapshot()).toEqual({ cause: null, waiting: 0 });
  });

  it('holds calls that begin while the session is lost, those without a body included, and keeps their order', async () => {
    const { setup, auth, hold } = await openHeld();
    endSession(setup);
    const calls = [publish(auth, 'first')];
    await settle(setup);
    calls.push(publish(auth, 'second'), auth.fetch('/users/me'), publish(auth, 'third'));
    await settle(setup);
    expect(hold.getSnapshot()).toEqual(lost(4));
    expect(setup.answers('me')).toEqual([]); // Bonfire would answer a GET without a user.
    await setup.signIn(auth);
    expect((await setup.world.until(Promise.all(calls))).map(({ status }) => status)).toEqual([201, 201, 200, 201]);
    expect(await postsOf(setup, auth)).toEqual(['first', 'second', 'third']);
  });

  // claim: held-call-not-sent-as-another-user
  it('sends nothing if another user signs in, and the calls reject with session_changed', async () => {
    const { setup, auth, hold } = await openHeld();
    endSession(setup);
    const calls = [rejection(publish(auth, 'by ember'))];
    await settle(setup);
    calls.push(rejection(publish(auth, 'by ember, later')));
    await settle(setup);
    await setup.signIn(auth, 'cinder');
    expect(await setup.world.until(Promise.all(calls))).toMatchObject([{ code: 'session_changed' }, { code: 'session_changed' }]);
    expect(setup.answers('myPosts')).toEqual([401]);
    expect(hold.getSnapshot()).toEqual({ cause: null, waiting: 0 });
  });

  it('lets calls go on in each tab when the user signs in again in one of them', async () => {
    const { setup, auth, hold } = await openHeld();
    const { auth: other } = setup.open();
    const otherHold = holdCalls(other);
    await setup.world.until(other.ready());
    endSession(setup);
    const calls = [publish(auth, 'here')];
    await settle(setup);
    calls.push(publish(other, 'there'));
    await settle(setup);
    expect([hold.getSnapshot(), otherHold.getSnapshot()]).toEqual([lost(1), lost(1)]);
    await setup.signIn(other);
    expect((await setup.world.until(Promise.all(calls))).map(({ status }) => status)).toEqual([201, 201]);
    expect(otherHold.getUserKey()).toBe(hold.getUserKey());
  });

  it.each(['sign-out', 'sign-out in another tab', 'discard'])('ends with the error of each call after a %s', async (way) => {
    const { setup, auth, hold } = await openHeld();
    const { auth: other } = setup.open();
    await setup.world.until(other.ready());
    endSession(setup);
    const calls = [rejection(publish(auth, 'first'))];
    await settle(setup);
    calls.push(rejection(publish(auth, 'second')));
    await settle(setup);
    if (way === 'discard') hold.discard();
    else await setup.world.until((way === 'sign-out' ? auth : other).signOut());
    expect(await setup.world.until(Promise.all(calls))).toMatchObject([
      { code: 'session_ended', endReason: 'login_required' },
      { code: 'signed_out', endReason: 'login_required' },
    ]);
    expect(hold.getSnapshot()).toEqual({ cause: null, waiting: 0 });
    expect(hold.getUserKey()).toBeNull();
    await setup.signIn(auth);
    expect(setup.answers('myPosts')).toEqual([401]);
  });

  it('holds nothing after a sign-out', async () => {
    const { setup, auth, hold } = await openHeld();
    await setup.world.until(auth.signOut());
    expect(await setup.world.until(rejection(publish(auth, 'text')))).toMatchObject({ code: 'signed_out', endReason: 'sign_out' });
    expect(hold.getSnapshot()).toEqual({ cause: null, waiting: 0 });
  });

  it('rejects an aborted call at once, with the reason of its signal', async () => {
    const { setup, auth, hold } = await openHeld();
    endSession(setup);
    const controller = new AbortController();
    const call = rejection(publish(auth, 'text', { signal: controller.signal }));
    await settle(setup);
    controller.abort(new Error('left the page'));
    expect(await call).toMatchObject({ message: 'left the page' });
    expect(hold.getSnapshot()).toEqual(lost(0));
    await setup.signIn(auth);
    await settle(setup);
    expect(setup.answers('myPosts')).toEqual([401]);
  });

  it('sends a call with an optional session without a token, as it does without a hold', async () => {
    const { setup, auth } = await openHeld();
    endSession(setup);
    void publish(auth, 'text').catch(() => undefined);
    await settle(setup);
    const open = auth.fetchWith([], { session: 'optional' });
    expect((await setup.world.until(open('/users/me'))).status).toBe(401);
  });

  it('lets the second call of a task go on after the first was held', async () => {
    const { setup, auth } = await openHeld();
    endSession(setup);
    const task = publish(auth, 'first').then(() => publish(auth, 'second'));
    await settle(setup);
    await setup.signIn(auth);
    expect((await setup.world.until(task)).status).toBe(201);
  });

  it('lets a call go on whose rejection arrives after the sign-in', async () => {
    const { setup, auth } = await openHeld();
    const { auth: other } = setup.open();
    await setup.world.until(other.ready());
    setup.api.revokeAccessTokens();
    setup.world.latencyMs = 5000;
    const late = publish(auth, 'late');
    await setup.world.advance(1);
    setup.world.latencyMs = 1;
    endSession(setup);
    await setup.world.until(rejection(other.refresh()));
    await setup.signIn(other);
    expect((await setup.world.until(late)).status).toBe(201);
  });

  it('holds a call again if the session ends again, and names the user by the same key', async () => {
    const { setup, auth, hold } = await openHeld();
    const key = hold.getUserKey();
    endSession(setup);
    const call = publish(auth, 'text');
    await settle(setup);
    setup.world.latencyMs = 100;
    await setup.signIn(auth);
    endSession(setup); // Before the API receives the call.
    await setup.world.advance(1000);
    expect(hold.getSnapshot()).toEqual(lost(1));
    await setup.signIn(auth);
    expect((await setup.world.until(call)).status).toBe(201);
    expect(setup.answers('myPosts')).toEqual([401, 401, 201]);
    expect([key, hold.getUserKey()]).toEqual([expect.any(String), key]);
  });

  it('passes on an error of the network when a call goes on', async () => {
    const { setup, auth } = await openHeld();
    endSession(setup);
    const call = rejection(publish(auth, 'text'));
    await settle(setup);
    setup.world.faultOf = (request) => (request.url.endsWith('/posts') ? 'dropBefore' : 'none');
    await setup.signIn(auth);
    expect(await setup.world.until(call)).toBeInstanceOf(TypeError);
  });

  it('holds no call on a page that loads after the end, because the page has no user', async () => {
    const { setup, auth } = await openHeld();
    endSession(setup);
    void publish(auth, 'text').catch(() => undefined);
    await settle(setup);
    const { auth: later } = setup.open();
    const hold = holdCalls(later);
    expect(await setup.world.until(rejection(publish(later, 'text')))).toMatchObject({ code: 'signed_out', endReason: 'login_required' });
    expect(hold.getSnapshot()).toEqual({ cause: null, waiting: 0 });
  });

  it('keeps its snapshot object and calls no listener while nothing changes', async () => {
    const { setup, auth, hold } = await openHeld();
    const before = hold.getSnapshot();
    const seen: unknown[] = [];
    hold.subscribe(() => seen.push(hold.getSnapshot()));
    await setup.world.until(auth.refresh());
    expect([hold.getSnapshot() === before, seen]).toEqual([true, []]);
    endSession(setup);
    const call = publish(auth, 'text');
    await settle(setup);
    await setup.signIn(auth);
    await setup.world.until(call);
    expect(seen).toEqual([lost(0), lost(1), { cause: null, waiting: 0 }]);
  });
});
