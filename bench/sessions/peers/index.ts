import type { PartName } from '../report/results.ts';
import type { Peer } from './peer.ts';

/** All peers, in the order of the tables. */
export const PEERS: readonly Peer[] = [
  { name: 'unexpired', title: '**unexpired/server**, Redis', usesStoreClock: true, parts: ['bursts', 'faults', 'cost', 'proxy', 'stores'], load: () => import('./unexpired.ts') },
  { name: 'unexpired-postgres', title: '**unexpired/server**, Postgres', usesStoreClock: true, parts: ['bursts', 'faults', 'cost', 'stores'], load: async () => (await import('./unexpired.ts')).inPostgres },
  { name: 'unexpired-memory', title: '**unexpired/server**, memory', parts: ['cost', 'proxy', 'stores'], load: async () => (await import('./unexpired.ts')).inMemory },
  { name: 'iron-session', title: 'iron-session, refresh by hand', load: () => import('./iron-session.ts') },
  { name: 'iron-session-shared', title: 'iron-session, refresh shared in the process', load: () => import('./iron-session-shared.ts') },
  { name: 'redis-lock-usual', title: 'Redis lock as people write it', load: () => import('./redis-lock-usual.ts') },
  { name: 'redis-lock-careful', title: 'Redis lock, careful', parts: ['bursts', 'faults', 'cost', 'stores'], load: () => import('./redis-lock-careful.ts') },
  { name: 'auth-js', title: 'Auth.js core, documented rotation', load: () => import('./auth-js.ts') },
  { name: 'better-auth', title: 'better-auth, Postgres', load: () => import('./better-auth.ts') },
  { name: 'hono-oidc-auth', title: '@hono/oidc-auth', load: () => import('./hono-oidc-auth.ts') },
  { name: 'express-openid-connect', title: 'express-openid-connect', load: () => import('./express-openid-connect.ts') },
  { name: 'auth0-server-js', title: '@auth0/auth0-server-js, Redis', load: () => import('./auth0-server-js.ts') },
  { name: 'authkit-session', title: '@workos/authkit-session', load: () => import('./authkit-session.ts') },
  { name: 'supabase-ssr', title: '@supabase/ssr', load: () => import('./supabase-ssr.ts') },
  { name: 'atproto', title: '@atproto/oauth-client-node, lock in Redis', load: () => import('./atproto.ts') },
  { name: 'atproto-no-lock', title: '@atproto/oauth-client-node, no shared lock', load: async () => (await import('./atproto.ts')).withoutLock },
  { name: 'http-proxy-middleware', title: 'http-proxy-middleware and iron-session, by hand', parts: ['proxy'], load: () => import('./http-proxy-middleware.ts') },
];

/** Returns whether a peer takes part in a part. */
export function takesPart({ parts = ['bursts', 'faults', 'cost'] }: Peer, part: PartName): boolean {
  return parts.includes(part);
}

export function peerNamed(name: string): Peer {
  const peer = PEERS.find((each) => each.name === name);
  if (!peer) throw new RangeError(`--only has no peer "${name}". It takes ${PEERS.map((each) => each.name).join(', ')}.`);
  return peer;
}
