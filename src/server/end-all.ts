import { invalidConfig, unavailable } from '../core/model/auth-error.ts';
import { problemOf } from '../core/model/foreign-error.ts';
import { withDeadline } from '../core/platform/deadline.ts';
import { isSessionKey, keysOf, sidOf } from './provider-session.ts';
import { waitUntilOf, type RequestOptions } from './request-options.ts';
import { STORE_DEADLINE_MS } from './row-storage.ts';
import type { Engine, SessionClient } from './session-client.ts';
import type { SessionClients } from './session-clients.ts';
import type { Sessions } from './sessions.ts';

const RETRY_MS = 1000;

/** The sessions that end together: those of a session of the OpenID provider, of a user, or of both. */
export interface EndNames {
  /** The session of the provider, as `sid` of the tokens or of their ID token names it. */
  readonly sid?: string | undefined;
  /** The user, as `subjectOf` of the protocol names them. Beside `sid`, only their sessions whose tokens have no `sid` end, too. */
  readonly subject?: string | undefined;
}

/** Creates `list` and `endAll`. */
export function createEndAll(engine: Engine, clients: SessionClients): Pick<Sessions, 'list' | 'endAll'> {
  const { store, clock } = engine.rows;

  const list: Sessions['list'] = async (subject) => {
    // Sessions of unknown users have the subject `null`, and must not be taken for those of one user.
    const name = nameIn(subject, 'subject', 'the name of a user');
    return (await clock.onDevice(inStore(engine, () => store.list(name)))).filter(({ key }) => isSessionKey(key));
  };

  const load = (key: string, options: RequestOptions | undefined) => clock.onDevice(clients.load(key, waitUntilOf(options), false));

  async function end(client: Promise<SessionClient>, isToEnd: (client: SessionClient) => boolean): Promise<number> {
    const loaded = await client;
    if (!isToEnd(loaded)) return 0;
    await loaded.signOut();
    return 1;
  }

  async function keysIn(sid: string): Promise<readonly string[]> {
    const name = nameIn(sid, 'sid', 'the name of a session of the provider');
    return clock.onDevice(inStore(engine, () => keysOf(store, name)));
  }

  const endAll: Sessions['endAll'] = async (names, options) => {
    const { sid, subject } = typeof names === 'string' ? { subject: names } : names ?? {};
    const own = sid === undefined ? null : await keysIn(sid);
    const entries = own && subject === undefined ? [] : await list(subject as string);
    const keys = entries.map(({ key }) => key).filter((key) => !own?.includes(key));
    const ends = await Promise.allSettled([
      ...(own ?? []).map((key) => end(load(key, options), isSignedIn)),
      ...keys.map((key) => end(load(key, options), (client) => own === null || hasNoSid(client))),
    ]);
    const failed = ends.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason; // Only now, because a runtime may end with the request what is still running.
    return ends.reduce((sum, result) => sum + (result.status === 'fulfilled' ? result.value : 0), 0);
  };

  return { list, endAll };
}

function isSignedIn({ store }: SessionClient): boolean {
  return store.getState().status === 'signedIn';
}

function hasNoSid({ store }: SessionClient): boolean {
  const state = store.getState();
  return state.status === 'signedIn' && sidOf(state.record.session.tokens) === null;
}

function nameIn(name: unknown, field: string, what: string): string {
  if (typeof name !== 'string' || name === '') throw invalidConfig(field, `must be ${what}, a non-empty text`);
  return name;
}

async function inStore<T>({ rows: { store }, shared: { platform } }: Engine, operation: () => Promise<T>): Promise<T> {
  try {
    return await withDeadline(platform, STORE_DEADLINE_MS, operation);
  } catch (error) {
    throw unavailable(`The session store (${store.name}) failed: ${problemOf(error)}`, platform.now().wall + RETRY_MS, 'storage_unavailable');
  }
}
