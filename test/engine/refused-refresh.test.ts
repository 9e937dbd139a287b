import { observe, type AuthClientConfig, type ClientMoment } from 'unexpired/core';
import { describe, expect, it } from 'vitest';
import { rejection } from '../support/setup.ts';
import { createTokenServer } from '../support/token-server.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** A session whose refresh token the API refuses at the early refresh, 5 to 10 min before the access token expires. */
async function openRefused(config: Partial<AuthClientConfig> = {}, { lifetimeMs = HOUR, error = 'invalid_grant' } = {}) {
  const server = createTokenServer();
  const { until, advance } = server.world;
  const refusals: (ClientMoment & { readonly type: 'refreshRefused' })[] = [];
  const expiresAt = server.world.now() + lifetimeMs;
  server.answer = () => ({ status: 400, body: { error } });
  server.endOf = () => expiresAt;
  const opened = server.open(config);
  observe(opened.auth, (event) => {
    if (event.type === 'refreshRefused') refusals.push(event);
  });
  await until(opened.auth.signIn({ accessToken: 'a0', refreshToken: 'r0', expiresAt, scopes: [] }));
  await advance(lifetimeMs - 5 * MINUTE);
  return { ...opened, server, refusals, expiresAt };
}

const useUp = { endWhen: 'token_expires' } as const;

describe('a refresh token that the API refuses at the early refresh', () => {
  it('ends the session at once by default, and an event says how long the access token would have lived', async () => {
    const { auth, refusals, server } = await openRefused();
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid' });
    expect(refusals).toMatchObject([{ generation: 1, endReason: 'refresh_token_invalid' }]);
    const leftMs = refusals[0]!.leftMs!;
    expect(leftMs).toBeGreaterThan(5 * MINUTE - 2000);
    expect(leftMs).toBeLessThanOrEqual(10 * MINUTE);
    expect(server.sent).toEqual(['r0']);
  });

  it('is dropped with endWhen token_expires, and the access token is used to its end', async () => {
    const { auth, refusals, server } = await openRefused(useUp);
    expect(refusals).toMatchObject([{ endReason: 'refresh_token_invalid' }]);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked', retryAt: null, error: { code: 'refresh_unavailable', transient: false, endReason: 'refresh_token_invalid' } } });
    expect(JSON.stringify([...server.world.storage.values.values()])).not.toContain('r0');
    expect((await server.world.until(auth.fetch('/posts'))).status).toBe(200);
    expect(await server.world.until(auth.getAccessToken({ minValidityMs: 20 * MINUTE }))).toBe('a0');
    expect(auth.getSnapshot().status).toBe('signedIn');
    await server.world.advance(5 * MINUTE);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid' });
    expect(await server.world.until(rejection(auth.fetch('/posts')))).toMatchObject({ code: 'signed_out', endReason: 'refresh_token_invalid' });
    expect(server.sent).toEqual(['r0']);
    expect(server.expiredByMs).toEqual([]);
  });

  it('is never sent again by any tab, and all tabs end together', async () => {
    const server = createTokenServer();
    const expiresAt = server.world.now() + HOUR;
    const tabs = [1, 2, 3].map(() => server.open(useUp));
    for (const { auth } of tabs) auth.subscribe(() => undefined);
    server.answer = () => ({ status: 400, body: { error: 'login_required' } });
    await server.world.until(tabs[0]!.auth.signIn({ accessToken: 'a0', refreshToken: 'r0', expiresAt, scopes: [] }));
    await server.world.advance(HOUR - 5 * MINUTE);
    tabs.push(server.open());
    expect(await server.world.until(tabs[3]!.auth.ready())).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked', error: { endReason: 'login_required' } } });
    for (const { auth } of tabs) expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked' } });
    await server.world.advance(5 * MINUTE);
    for (const { auth } of tabs) expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'login_required' });
    expect(server.sent).toEqual(['r0']);
  });

  it('ends the session with that reason as soon as the API rejects the access token, too', async () => {
    const { auth, server } = await openRefused(useUp);
    server.endOf = () => 0;
    const calls = ['/posts', '/users'].map((path) => rejection(auth.fetch(path)));
    expect(await server.world.until(Promise.all(calls))).toMatchObject([{ code: 'session_ended', endReason: 'refresh_token_invalid' }, { code: 'session_ended' }]);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid' });
  });

  it('ends the session at once if the refresh was made because the API rejected the access token', async () => {
    const server = createTokenServer();
    server.answer = () => ({ status: 400, body: { error: 'invalid_grant' } });
    const { auth } = server.open(useUp);
    await server.world.until(auth.signIn({ accessToken: 'a0', refreshToken: 'r0', expiresAt: server.world.now() + HOUR, scopes: [] }));
    server.endOf = () => 0;
    const calls = [1, 2, 3].map(() => rejection(auth.fetch('/posts')));
    for (const error of await server.world.until(Promise.all(calls))) expect(error).toMatchObject({ code: 'session_ended', endReason: 'refresh_token_invalid' });
    expect(server.sent).toEqual(['r0']);
  });

  it('ends as rotation_lost if an earlier answer was lost', async () => {
    const server = createTokenServer();
    const { auth } = server.open(useUp);
    await server.world.until(auth.signIn({ accessToken: 'a0', refreshToken: 'r0', expiresAt: server.world.now() + HOUR, scopes: [] }));
    await server.world.until(rejection(auth.refresh()));
    server.answer = () => ({ status: 400, body: { error: 'invalid_grant' } });
    await server.world.advance(HOUR - MINUTE);
    expect(auth.getSnapshot().refresh.error).toMatchObject({ endReason: 'rotation_lost' });
    await server.world.advance(MINUTE);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'rotation_lost' });
  });

  it('ends as answer_unreadable if an earlier answer could not be read, and no tab sends it again', async () => {
    const server = createTokenServer();
    const tabs = [server.open(useUp), server.open(useUp)] as const;
    server.answer = (count) => (count === 1 ? { body: {} } : { status: 400, body: { error: 'invalid_grant' } });
    await server.world.until(tabs[0].auth.signIn({ accessToken: 'a0', refreshToken: 'r0', expiresAt: server.world.now() + HOUR, scopes: [] }));
    await server.world.until(tabs[1].auth.ready());
    await server.world.until(rejection(tabs[0].auth.refresh()));
    await server.world.until(rejection(tabs[0].auth.refresh()));
    await server.world.advance(MINUTE);
    for (const { auth } of tabs) expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked', error: { endReason: 'answer_unreadable' } } });
    expect(server.sent).toEqual(['r0', 'r0']);
    await server.world.advance(HOUR);
    for (const { auth } of tabs) expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'answer_unreadable' });
    expect(server.sent).toEqual(['r0', 'r0']);
  });

  it('is not sent by this tab again if storage fails and then has a later failure of another tab', async () => {
    const server = createTokenServer();
    const tabs = [server.open(useUp), server.open(useUp)] as const;
    await server.world.until(tabs[0].auth.signIn({ accessToken: 'a0', refreshToken: 'r0', expiresAt: server.world.now() + HOUR, scopes: [] }));
    await server.world.until(tabs[1].auth.ready());
    server.answer = () => ({ status: 400, body: { error: 'invalid_grant' } });
    server.world.onExchange = ({ phase }) => void (phase === 'back' && (server.world.storage.fault = 'writesFail'));
    await server.world.until(rejection(tabs[0].auth.refresh()));
    expect(tabs[0].auth.getSnapshot().refresh).toMatchObject({ state: 'blocked' });
    server.world.onExchange = () => undefined;
    server.world.storage.fault = 'none';
    server.answer = () => ({ status: 503, body: '' });
    await Promise.all([1, 2, 3].map(() => rejection(server.world.until(tabs[1].auth.refresh()))));
    await server.world.advance(MINUTE);
    for (const { auth } of tabs) expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked', error: { endReason: 'refresh_token_invalid' } } });
  });

  it('is no obstacle to a new sign-in', async () => {
    const { auth, server } = await openRefused(useUp);
    await server.world.until(auth.signIn({ accessToken: 'a1', refreshToken: 'r1', expiresAt: server.world.now() + HOUR, scopes: [] }));
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'idle', error: null } });
    server.answer = () => ({ body: { access_token: 'a2', refresh_token: 'r2', expires_in: 3600 } });
    await server.world.until(auth.refresh());
    expect(server.sent).toEqual(['r0', 'r1']);
  });

  it('lets the access token be used to its end, even if the clock of the device has been set back', async () => {
    const server = createTokenServer();
    const { auth } = server.open(useUp);
    await server.world.until(auth.signIn({ accessToken: 'a0', refreshToken: 'r0', expiresAt: server.world.now() + HOUR, scopes: [] }));
    server.answer = () => ({ status: 400, body: { error: 'invalid_grant' } });
    server.world.skewMs = -2 * HOUR;
    await server.world.until(rejection(auth.refresh()));
    expect((await server.world.until(auth.fetch('/posts'))).status).toBe(200);
    await server.world.advance(HOUR);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid' });
  });

  it('of a session that another one has replaced emits no event', async () => {
    const server = createTokenServer();
    const { auth } = server.open(useUp);
    const types: string[] = [];
    observe(auth, ({ type }) => types.push(type));
    await server.world.until(auth.signIn({ accessToken: 'a0', refreshToken: 'r0', expiresAt: server.world.now() + HOUR, scopes: [] }));
    server.answer = () => ({ status: 400, body: { error: 'invalid_grant' } });
    server.world.latencyMs = 1000;
    const refreshed = rejection(auth.refresh());
    await server.world.advance(600);
    await server.world.until(auth.signIn({ accessToken: 'b0', refreshToken: 's0', expiresAt: server.world.now() + HOUR, scopes: [] }));
    await server.world.until(refreshed);
    await server.world.advance(1000);
    expect(types).toContain('refreshAnswered');
    expect(types).not.toContain('refreshRefused');
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', tokens: { accessToken: 'b0' } });
  });

  it('makes the refresh() that finds it out fail, and the access token is used to its end', async () => {
    const server = createTokenServer();
    const { auth } = server.open(useUp);
    server.answer = () => ({ status: 400, body: { error: 'invalid_grant' } });
    await server.world.until(auth.signIn({ accessToken: 'a0', refreshToken: 'r0', expiresAt: server.world.now() + HOUR, scopes: [] }));
    const errors = await server.world.until(Promise.all([rejection(auth.refresh()), rejection(auth.refresh())]));
    for (const error of errors) expect(error).toMatchObject({ code: 'refresh_unavailable', endReason: 'refresh_token_invalid' });
    expect((await server.world.until(auth.fetch('/posts'))).status).toBe(200);
    await server.world.advance(HOUR);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid' });
    expect(server.sent).toEqual(['r0']);
  });

  it('makes refresh() fail without a request', async () => {
    const { auth, server } = await openRefused(useUp);
    expect(await server.world.until(rejection(auth.refresh()))).toMatchObject({ code: 'refresh_unavailable' });
    expect(auth.getSnapshot().status).toBe('signedIn');
    expect(server.sent).toEqual(['r0']);
  });
});

it('createAuthClient refuses any other value of `endWhen`', () => {
  expect(() => createTokenServer().open({ endWhen: 'never' as never })).toThrowError(expect.objectContaining({ code: 'invalid_config', field: 'endWhen' }));
});
