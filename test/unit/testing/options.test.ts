import { describe, expect, it } from 'vitest';
import { buildTokenSet, checkStorageContract, createBonfireApi, createTestClock, type BonfireApiOptions } from 'unexpired/testing';
import { bonfireHandlers } from 'unexpired/testing/msw';
import { bonfireFixtures } from 'unexpired/testing/playwright';
import { apiUser } from './api-user.ts';

describe('createBonfireApi', () => {
  it.each<[object, string, typeof Error]>([
    [{ accessTokenLifetimeMs: -1 }, '`accessTokenLifetimeMs` must be a number of ms above 0, or null; it is -1.', RangeError],
    [{ accessTokenLifetimeMs: '5s' }, '`accessTokenLifetimeMs` must be a number of ms above 0, or null; it is "5s".', TypeError],
    [{ reuseGraceMs: Number.NaN }, '`reuseGraceMs` must be a number of ms, 0 or more; it is NaN.', RangeError],
    [{ latencyMs: -5 }, '`latencyMs` must be a number of ms, 0 or more, or a function of the endpoint; it is -5.', RangeError],
    [{ rotateRefreshTokens: 'yes' }, '`rotateRefreshTokens` must be true or false; it is "yes".', TypeError],
    [{ expiresAtSpelling: 'iso' }, '`expiresAtSpelling` must be one of "colon", "compact"; it is "iso".', TypeError],
    [{ appKey: '' }, '`appKey` must be a non-empty string; it is "".', TypeError],
    [{ basePath: 'v1/' }, '`basePath` must be empty, or start with "/" and not end with one; it is "v1/".', RangeError],
    [{ bots: { ember: '' } }, '`bots["ember"]` must be a non-empty string; it is "".', TypeError],
    [{ bots: 'ember' }, '`bots` must be an object; it is "ember".', TypeError],
    [{ exposeHeaders: 'Date' }, '`exposeHeaders` must be an array of strings; it is "Date".', TypeError],
    [{ exposeHeaders: [5] }, '`exposeHeaders[0]` must be a non-empty string; it is 5.', TypeError],
    [{ basePath: 5 }, '`basePath` must be empty, or start with "/" and not end with one; it is 5.', RangeError],
    [{ now: 5 }, '`now` must be a function; it is 5.', TypeError],
  ])('refuses %j with a message that says which values are allowed', (options, message, kind) => {
    expect(() => createBonfireApi(options as BonfireApiOptions)).toThrow(message);
    expect(() => createBonfireApi(options as BonfireApiOptions)).toThrow(kind);
  });

  it('uses a given App Key, base path and bots in place of the defaults', async () => {
    const { api } = apiUser({ appKey: 'k', basePath: '', bots: { tinder: 'Tinder' } });
    const body = JSON.stringify({ grant_type: 'client_credentials', bots: ['tinder'] });
    const headers = { Authorization: 'Bearer k', 'Content-Type': 'application/json' };
    expect((await api.fetch(new Request('https://bonfire.test/oauth/bots', { method: 'POST', headers, body }))).status).toBe(200);
    expect((await api.fetch(new Request('https://bonfire.test/v1/oauth/bots', { method: 'POST', headers, body }))).status).toBe(404);
  });

  it('creates an API whose `configure` changes all given settings, or none if one is invalid', async () => {
    const { api, create } = apiUser();
    expect(() => {
      api.configure({ reuseGraceMs: 5, latencyMs: -1 });
    }).toThrow(RangeError);
    expect(api.settings).toMatchObject({ reuseGraceMs: 0, latencyMs: 0 });
    api.configure({ accessTokenLifetimeMs: 3_600_000 });
    expect((await create()).expires_at).toBe('2024-01-01T01:00:00+00:00');
  });

  it('uses the clock and timers of the machine by default', async () => {
    const api = createBonfireApi({ latencyMs: 1 });
    await api.fetch(new Request('https://bonfire.test/v1/posts', { headers: { Authorization: 'Bearer app-key' } }));
    expect(Math.abs((api.calls[0]?.at ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('creates APIs that do not accept the tokens of each other', async () => {
    const [one, other] = [apiUser(), apiUser()];
    const { access_token } = await one.create();
    expect((await other.me(access_token)).status).toBe(401);
  });
});

describe('the testing kit', () => {
  const api = createBonfireApi();

  it.each<[string, string, typeof Error, () => unknown]>([
    ['createBonfireApi', '`options` must be an object; it is null.', TypeError, () => createBonfireApi(null as never)],
    ['api.configure', '`patch` must be an object; it is undefined.', TypeError, () => api.configure(undefined as never)],
    ['api.endSession', '`target` must be an object; it is "ember".', TypeError, () => api.endSession('ember' as never, 451)],
    ['api.addFault', '`fault` must be an object; it is undefined.', TypeError, () => api.addFault(undefined as never)],
    ['createTestClock', '`startAt` must be epoch milliseconds; its type is object.', TypeError, () => createTestClock(new Date() as never)],
    ['buildTokenSet', '`lifetimeMs` must be a number of ms; it is NaN.', RangeError, () => buildTokenSet({ lifetimeMs: Number.NaN })],
    ['buildTokenSet', '`issuedAt` must be epoch milliseconds; it is "now".', TypeError, () => buildTokenSet({ issuedAt: 'now' as never })],
    ['bonfireHandlers', '`api.fetch` must be a function; it is undefined.', TypeError, () => bonfireHandlers(undefined as never, 'https://api.bonfire.test/v1')],
    ['bonfireHandlers', '`baseUrl` must be an absolute http(s) address such as "https://api.bonfire.camp/v1"; it is "/v1".', RangeError, () => bonfireHandlers(api, '/v1')],
    ['bonfireFixtures', '`baseUrl` must be an absolute http(s) address such as "https://api.bonfire.camp/v1"; it is undefined.', TypeError, () => bonfireFixtures({ appKey: 'k' } as never)],
  ])('refuses a wrong argument of %s: %s', (_, message, kind, act) => {
    expect(act).toThrow(kind);
    expect(act).toThrow(message);
  });

  it('refuses wrong arguments of its asynchronous functions', async () => {
    await expect(checkStorageContract({} as never)).rejects.toThrow('`open` must be a function; its type is object.');
    await expect(createTestClock().advance(-1)).rejects.toThrow('`ms` must be a number of ms, 0 or more; it is -1.');
  });
});
