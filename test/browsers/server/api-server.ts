import type { Server } from 'node:http';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { createBonfireApi, type BonfireApi, type BonfireSettingsPatch, type Endpoint } from 'unexpired/testing';
import { createGate, type Gate, type ServerGate, type GatePlace } from './gate.ts';
import { listen, type Listening } from './listening.ts';

const BASE_PATH = '/v1';
const REFRESH_LATENCY_MS = 60;
const CALL_LATENCY_MS = 5;

/** Long enough that no refresh is due while a round is set up. */
export const LIFETIME_MS = 600_000;

/** The embedded API over real HTTP, on the tests' clock. */
export interface ApiServer extends Listening {
  /** The current API. `renew` replaces it. */
  readonly api: BonfireApi;
  /** Every access and refresh token that was ever issued. */
  readonly tokens: ReadonlySet<string>;
  /** The refresh tokens among them that only a cookie has carried. No page may have them. */
  readonly cookieTokens: ReadonlySet<string>;
  /** The addresses of all requests. */
  readonly addresses: readonly string[];
  /** Replaces the API with an API that has no sessions. */
  readonly renew: (settings?: BonfireSettingsPatch) => void;
  /** Holds the next refresh. */
  readonly hold: (place: GatePlace) => Gate;
}

/**
 * Starts the API with rotation and reuse detection, and without a grace period unless the settings give one.
 *
 * @param aheadMs how far the tests' clock is ahead of the device's, ms
 */
export async function startApiServer(aheadMs: () => number): Promise<ApiServer> {
  const tokens = new Set<string>();
  const cookieTokens = new Set<string>();
  const addresses: string[] = [];
  const gates: ServerGate[] = [];
  const make = (settings: BonfireSettingsPatch) =>
    createBonfireApi({ basePath: BASE_PATH, accessTokenLifetimeMs: LIFETIME_MS, latencyMs, now: () => Date.now() + aheadMs(), ...settings });
  let api = make({});

  async function answer(request: Request, { incoming }: HttpBindings): Promise<Response> {
    addresses.push(request.url);
    const gate = isRefresh(request) ? gates.shift() : undefined;
    try {
      // Without its signal, because a server continues with a request whose sender has left.
      const unaborted = new Request(request.url, { method: request.method, headers: request.headers, body: bodyOf(request, await request.arrayBuffer()) });
      if (gate?.place === 'before') await gate.wait();
      const response = await api.fetch(unaborted);
      if (new URL(request.url).pathname.startsWith(`${BASE_PATH}/oauth`)) {
        keepTokens(await response.clone().text(), tokens);
        for (const line of response.headers.getSetCookie()) for (const kept of [tokens, cookieTokens]) keepTokens(line, kept);
      }
      if (gate?.place === 'after') await gate.wait();
      return incoming.socket.destroyed ? RESPONSE_ALREADY_SENT : response;
    } finally {
      gate?.leave();
    }
  }

  // The options ask for an HTTP/1 server.
  const server = createAdaptorServer({ fetch: (request, bindings) => answer(request, bindings as HttpBindings) }) as Server;
  const listening = await listen(server);
  return {
    ...listening,
    get api() {
      return api;
    },
    tokens,
    cookieTokens,
    addresses,
    renew: (settings = {}) => {
      for (const gate of gates.splice(0)) gate.open();
      api = make(settings);
    },
    hold: (place) => {
      const gate = createGate(place);
      gates.push(gate);
      return gate;
    },
  };
}

function latencyMs(endpoint: Endpoint): number {
  return endpoint === 'refresh' ? REFRESH_LATENCY_MS : CALL_LATENCY_MS;
}

function isRefresh({ method, url }: Request): boolean {
  return method === 'POST' && new URL(url).pathname === `${BASE_PATH}/oauth`;
}

function bodyOf({ method }: Request, body: ArrayBuffer): ArrayBuffer | null {
  return method === 'GET' || method === 'HEAD' ? null : body;
}

function keepTokens(text: string, tokens: Set<string>): void {
  for (const [token] of text.matchAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g)) tokens.add(token);
}
