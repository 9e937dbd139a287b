import { holdCalls, type AuthClient, type HoldOptions } from 'unexpired/core';
import { describe, expect, it } from 'vitest';
import { createSetup, NOTHING_HELD, rejection } from '../support/setup.ts';

/** Opens a tab whose session has just been lost. */
async function openLost(options: HoldOptions) {
  const setup = createSetup();
  const { auth, tab } = setup.open();
  const hold = holdCalls(auth, options);
  await setup.signIn(auth);
  setup.api.endSession({}, 460);
  await setup.world.until(rejection(auth.refresh()));
  return { setup, auth, tab, hold };
}

const publish = (auth: AuthClient, text: string) => auth.fetch('/users/me/posts', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text }) });

describe('the limits of a hold', () => {
  it('reject the call that is one too many, and name the limit', async () => {
    const { setup, auth, hold } = await openLost({ maxCalls: 2 });
    const calls = [publish(auth, 'first'), publish(auth, 'second')];
    await setup.world.advance(10);
    expect(await setup.world.until(rejection(publish(auth, 'third')))).toMatchObject({ code: 'signed_out', endReason: 'login_required', field: 'maxCalls', message: expect.stringContaining('2 calls') });
    expect(hold.getSnapshot().waiting).toBe(2);
    await setup.signIn(auth);
    expect((await setup.world.until(Promise.all(calls))).map(({ status }) => status)).toEqual([201, 201]);
  });

  it('reject the call whose body is too large beside the others, and take it when they are gone', async () => {
    const { setup, auth, hold } = await openLost({ maxBytes: 100 });
    const first = rejection(publish(auth, 'x'.repeat(70)));
    await setup.world.advance(10);
    expect(await setup.world.until(rejection(publish(auth, 'y'.repeat(70))))).toMatchObject({ code: 'signed_out', field: 'maxBytes' });
    await setup.signIn(auth, 'cinder');
    await first;
    setup.api.endSession({ botId: 'cinder' }, 460);
    await setup.world.until(rejection(auth.refresh()));
    const later = publish(auth, 'y'.repeat(70));
    await setup.world.advance(10);
    expect(hold.getSnapshot().waiting).toBe(1);
    await setup.signIn(auth, 'cinder');
    expect((await setup.world.until(later)).status).toBe(201);
  });

  it('reject a call that has waited too long, and hold the others', async () => {
    const { setup, auth, hold } = await openLost({ timeoutMs: 5000 });
    const first = rejection(publish(auth, 'first'));
    await setup.world.advance(3000);
    const second = publish(auth, 'second');
    await setup.world.advance(2500);
    expect(await setup.world.until(first)).toMatchObject({ code: 'signed_out', field: 'timeoutMs' });
    expect(hold.getSnapshot()).toEqual({ cause: 'login_required', waiting: 1 });
    await setup.signIn(auth);
    expect((await setup.world.until(second)).status).toBe(201);
  });

  it('count the time in which the device slept', async () => {
    const { setup, auth } = await openLost({ timeoutMs: 60_000 });
    const call = rejection(publish(auth, 'text'));
    await setup.world.advance(10);
    await setup.world.sleep(8 * 3600_000);
    await setup.signIn(auth);
    expect(await setup.world.until(call)).toMatchObject({ field: 'timeoutMs' });
    expect(setup.answers('myPosts')).toEqual([]);
  });

  it.each([
    ['maxCalls', 0], ['maxCalls', 1.5], ['maxCalls', Number.NaN], ['maxBytes', -1], ['maxBytes', Infinity], ['timeoutMs', 0], ['timeoutMs', 2 ** 31], ['timeoutMs', '5'],
    ['subjectOf', 'sub'], ['calls', 'some'],
  ])('are checked: %s %s', (field, value) => {
    const { auth } = createSetup().open();
    expect(() => holdCalls(auth, { [field]: value })).toThrow(expect.objectContaining({ code: 'invalid_config', field, message: expect.stringMatching(/must be/) }));
  });

  it('are those of one hold, because a client has at most one', () => {
    const { auth } = createSetup().open();
    const hold = holdCalls(auth);
    expect(() => holdCalls(auth)).toThrow(expect.objectContaining({ code: 'invalid_config', field: 'client' }));
    hold.dispose();
    expect(() => holdCalls(auth)).not.toThrow();
  });
});

describe('a hold that ends', () => {
  it('fails the calls that wait, and holds no more', async () => {
    const { setup, auth, hold, tab } = await openLost({});
    const call = rejection(publish(auth, 'text'));
    await setup.world.advance(10);
    hold.dispose();
    expect(await call).toMatchObject({ code: 'signed_out', endReason: 'login_required' });
    expect(await setup.world.until(rejection(publish(auth, 'text')))).toMatchObject({ code: 'signed_out' });
    auth.dispose();
    expect(tab.held()).toEqual(NOTHING_HELD);
  });

  it('because its client is disposed rejects the calls with disposed', async () => {
    const { setup, auth, tab } = await openLost({});
    const call = rejection(publish(auth, 'text'));
    await setup.world.advance(10);
    auth.dispose();
    expect(await call).toMatchObject({ code: 'disposed' });
    expect(tab.held()).toEqual(NOTHING_HELD);
  });

  it('leaves a client untouched before its first use', () => {
    const setup = createSetup();
    const { auth, tab } = setup.open();
    holdCalls(auth);
    expect(tab.held()).toEqual(NOTHING_HELD);
    expect(auth.getSnapshot().status).toBe('loading');
  });
});

describe('the subject of a hold', () => {
  it('comes from the app, before the protocol', async () => {
    let subject = 'ada';
    const { setup, auth } = await openLost({ subjectOf: () => subject });
    const call = rejection(publish(auth, 'text'));
    await setup.world.advance(10);
    subject = 'grace';
    await setup.signIn(auth); // The protocol reads the same bot in the tokens.
    expect(await setup.world.until(call)).toMatchObject({ code: 'session_changed' });
  });

  it('without a known name counts as another user, and the developer learns what to pass', async () => {
    const setup = createSetup();
    const { subjectOf: _subjectOf, ...protocol } = setup.protocol;
    const { auth, tab } = setup.open({ protocol });
    holdCalls(auth);
    await setup.signIn(auth);
    setup.api.endSession({}, 460);
    const call = rejection(publish(auth, 'text'));
    await setup.world.advance(100);
    await setup.signIn(auth);
    expect(await setup.world.until(call)).toMatchObject({ code: 'session_changed' });
    expect(tab.warnings).toEqual([expect.stringContaining('subjectOf')]);
  });

  it('is read once a tab has a token of its own', async () => {
    const setup = createSetup();
    const subjectOf = ({ accessToken }: { readonly accessToken: string }) => (accessToken ? 'ada' : null);
    const [{ auth }, { auth: other }] = [setup.open({ accessToken: 'memory' }), setup.open({ accessToken: 'memory' })];
    const hold = holdCalls(auth, { subjectOf });
    await setup.signIn(auth);
    await setup.world.until(other.ready());
    setup.api.endSession({}, 460);
    await setup.world.until(rejection(other.refresh()));
    const call = publish(auth, 'text');
    await setup.world.advance(100);
    expect(hold.getSnapshot().waiting).toBe(1);
    await setup.signIn(other);
    expect((await setup.world.until(call)).status).toBe(201);
  });
});

describe('a hold of chosen calls', () => {
  it('holds the calls with its interceptor only', async () => {
    const { setup, auth, hold } = await openLost({ calls: 'chosen' });
    const held = auth.fetchWith([hold.interceptor]);
    const call = held('/users/me/posts', { method: 'POST', body: new URLSearchParams({ text: 'a form' }) });
    expect(await setup.world.until(rejection(publish(auth, 'text')))).toMatchObject({ code: 'signed_out' });
    expect(hold.getSnapshot().waiting).toBe(1);
    await setup.signIn(auth);
    expect((await setup.world.until(call)).status).toBe(201);
  });
});

describe('the body of a held call', () => {
  it.each<[string, () => BodyInit]>([
    ['a form with a file', () => {
      const form = new FormData();
      form.set('file', new File(['bytes'], 'a.txt', { type: 'text/plain' }));
      return form;
    }],
    ['bytes', () => new Uint8Array([1, 2, 3])],
    ['a stream', () => new Blob(['chunk']).stream()],
    ['an empty text', () => ''],
  ])('arrives as it was: %s', async (_name, body) => {
    const { setup, auth, hold } = await openLost({});
    const received: [string | null, string][] = [];
    setup.world.inWorld = (request) => (request.url.endsWith('/files') ? request.text().then((text) => (received.push([request.headers.get('content-type'), text]), new Response())) : null);
    const send = () => auth.fetch('/files', { method: 'POST', body: body(), duplex: 'half' } as RequestInit);
    const call = send();
    await setup.world.advance(10);
    expect(hold.getSnapshot().waiting).toBe(1);
    await setup.signIn(auth);
    await setup.world.until(call);
    await setup.world.until(send());
    const [[type, text], [plainType, plainText]] = received as [[string | null, string], [string | null, string]];
    const boundary = (value: string) => value.replace(/-{2,}formdata-\S+?(?=(--)?(\r|$))|boundary=\S+/g, '…');
    expect([boundary(type ?? ''), boundary(text)]).toEqual([boundary(plainType ?? ''), boundary(plainText)]);
    if (type?.includes('boundary=')) expect(text).toContain(type.split('boundary=')[1]);
  });
});
