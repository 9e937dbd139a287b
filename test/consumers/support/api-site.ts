import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { createAuthClient, memory } from 'unexpired/core';
import { createBonfireApi, type BonfireApi } from 'unexpired/testing';
import { listen, type Site } from './site.ts';

/** The embedded API over HTTP. */
export interface ApiSite extends Site {
  readonly api: BonfireApi;
  readonly baseUrl: string;
  /** Every access and refresh token that was ever issued. */
  readonly tokens: ReadonlySet<string>;
  /** How far the clock of the API is behind, ms. A token that it issues while that is more than a token's life has expired at once. */
  behindMs: number;
  /** Publishes a post as another user. */
  readonly publish: (text: string) => Promise<void>;
}

/** Starts an API without sessions, whose tokens live longer than a test. */
export async function serveApi(): Promise<ApiSite> {
  const api = createBonfireApi({ accessTokenLifetimeMs: 3_600_000, rotateRefreshTokens: true, reuseDetection: true, now: () => Date.now() - apiSite.behindMs });
  const tokens = new Set<string>();

  async function answer(request: Request): Promise<Response> {
    const response = await api.fetch(request);
    for (const [token] of (await response.clone().text()).matchAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g)) tokens.add(token);
    return response;
  }

  const site = await listen(createAdaptorServer({ fetch: answer }) as Server); // The options ask for an HTTP/1 server.
  const baseUrl = `${site.origin}/v1`;
  const protocol = bonfire({ baseUrl, appKey: 'app-key' });

  async function publish(text: string): Promise<void> {
    const author = createAuthClient({ protocol, storage: memory() });
    await author.signIn(createBotTokens(protocol, ['cinder']));
    const { ok, status } = await author.fetch('/users/me/posts', { method: 'POST', body: JSON.stringify({ text }), headers: { 'content-type': 'application/json' } });
    author.dispose();
    if (!ok) throw new Error(`HTTP ${status}`);
  }

  const apiSite: ApiSite = { ...site, api, baseUrl, tokens, behindMs: 0, publish };
  return apiSite;
}
