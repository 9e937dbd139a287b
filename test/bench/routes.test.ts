import { describe, expect, it } from 'vitest';
import { answer, type ApiRequest } from '../../bench/server/routes.ts';
import { clearTally, createWorld, type World } from '../../bench/server/world.ts';

const openWorld = (): World => Object.assign(createWorld('/world-1', 'https://localhost'), { latencyMs: () => 0 });
const request = (path: string, body: string, authorization = ''): ApiRequest => ({ path, query: new URLSearchParams(), authorization, body });
const query = (path: string) => JSON.stringify({ query: 'query Item { item }', variables: { path } });

describe("the benchmark's server", () => {
  it('answers a GraphQL query by the rules of a call', async () => {
    const world = openWorld();
    const { access_token } = world.signIn();
    const send = (path: string, token: string) => answer(world, request('/graphql', query(path), `Bearer ${token}`));
    expect(await send('/items/7', access_token)).toEqual({ status: 200, body: { data: { item: { path: '/items/7' } } } });
    expect((await send('/items/7', 'made-up'))?.status).toBe(401);
    expect((await send('/other-401', access_token))?.body).toEqual({ error: { code: 730 } });
    expect(world.tally).toEqual({ refreshes: 0, rejected: 1, answered: 1, sends: 3 });
  });

  it('leaves the ID token out if the scope of a refresh has no openid', async () => {
    const world = openWorld();
    const refresh = async (scope: string) => {
      const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: world.signIn().refresh_token, ...(scope && { scope }) });
      return (await answer(world, request('/oauth/token', body.toString())))?.body as Record<string, unknown>;
    };
    expect(await refresh('')).toHaveProperty('id_token');
    expect(await refresh('openid items')).toHaveProperty('id_token');
    expect(await refresh('items')).not.toHaveProperty('id_token');
  });

  it('ends the session if a refresh token is sent a second time in the format of WorkOS', async () => {
    const world = openWorld();
    const body = JSON.stringify({ client_id: '/world-1', grant_type: 'refresh_token', refresh_token: world.signIn().refresh_token });
    const refresh = async () => (await answer(world, request('/user_management/authenticate', body)))?.status;
    expect([await refresh(), await refresh()]).toEqual([200, 400]);
    expect([world.family.alive, world.tally.refreshes]).toEqual([false, 2]);
  });

  it('begins to count again', async () => {
    const world = openWorld();
    await answer(world, request('/items/1', ''));
    clearTally(world);
    expect(world.tally).toEqual({ refreshes: 0, rejected: 0, answered: 0, sends: 0 });
  });
});
