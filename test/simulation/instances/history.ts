import { decodeRecord, type SignedInRecord } from '../../../src/core/model/storage-record.ts';
import type { Exchange, World } from '../../support/world.ts';
import type { AuthorizationServer } from './authorization-server.ts';
import { factsOf } from './authorization-server.ts';
import type { Instance } from './instance.ts';
import type { RowChange } from './rows.ts';
import type { InstanceScenario, RequestKind, User } from './scenario.ts';
import type { FailedOperation } from './simulated-store.ts';

/** A sign-in that resolved: the session, and the cookie that the browser has. */
export interface Login {
  readonly user: User;
  /** The number of the session at the authorization server. */
  readonly sid: number;
  readonly setCookie: string;
  /** The random id in the cookie, and the key of the row. */
  readonly id: string;
  readonly key: string;
  /** When the sign-in began, and when it resolved. */
  readonly beganAt: number;
  readonly at: number;
}

/** Something that ends sessions: a sign-out, the end of all sessions of a user, or a sign-in over a session. */
export interface Intent {
  readonly kind: 'signOut' | 'endAll' | 'signIn';
  readonly ends: readonly Login[];
  /** Whose sessions end, by `endAll`. */
  readonly user: User | null;
  readonly instance: Instance;
  readonly at: number;
  /** Whether it has resolved or failed. */
  isSettled: boolean;
  /** When it resolved; `null` until then, and if it has failed. */
  resolvedAt: number | null;
}

/** A request of a browser: its session, what was sent for it, and its outcome. */
export interface Call {
  readonly path: string;
  readonly login: Login;
  readonly instance: Instance;
  readonly does: RequestKind;
  readonly at: number;
  readonly sends: Exchange[];
  /** `answered` with data of a user; `over` if the user has to sign in; `later` if there is no token just now; `failed` for anything else. */
  outcome: 'pending' | 'answered' | 'over' | 'later' | 'failed';
  /** When it settled; `null` until then. */
  settledAt: number | null;
  /** The status of the API, or the error's code. */
  detail: string;
  /** Why the session is over, as the error says. */
  endReason: string | null;
}

/** A refresh request. */
export interface Refresh {
  readonly exchange: Exchange;
  readonly instance: Instance;
  readonly sid: number;
  readonly refreshToken: string;
  /** When its attempt was noted in the row. */
  readonly notedAt: number;
  /** The refresh token that the server has issued in its answer. */
  successor: string | null;
  /** Whether the answer cannot be read. */
  isUnreadable: boolean;
}

/** Everything that was observed in a world of instances; the invariants are checked against it. */
export interface History {
  readonly scenario: InstanceScenario;
  readonly world: World;
  readonly server: AuthorizationServer;
  readonly instances: Instance[];
  readonly logins: Login[];
  readonly intents: Intent[];
  readonly calls: Call[];
  readonly refreshes: Refresh[];
  /** When each refresh token was stored. A write that a failover has undone does not count. */
  readonly storedAt: Map<string, number>;
  /** When an attempt was last noted, by session and instance. */
  readonly notes: Map<string, number>;
  /** The records of the rows now, by key. */
  readonly records: Map<string, SignedInRecord>;
  readonly failedOperations: FailedOperation[];
  /** The changes that failovers have undone, and when. */
  readonly losses: { readonly change: RowChange; readonly at: number }[];
  /** When the store failed over, and by how much its clock jumped, ms. */
  readonly failovers: { readonly at: number; readonly jumpMs: number }[];
  readonly evicted: Set<string>;
  /** The key of the row of each session, by its number at the authorization server. */
  readonly keys: Map<number, string>;
  /** The sessions that the server has ended because of a reuse, and that were judged. */
  readonly judgedReuses: Set<number>;
  /** When the clock of a machine or of the store was last set. */
  clockChangedAt: number;
  /** When the API last rejected all access tokens. */
  revokedAt: number;
  /** Sessions whose rotated refresh token was sent again, because only an instance that could not store it had the next one. */
  readonly stranded: Set<number>;
  /** Whether the network or the token endpoint has a fault now. */
  readonly outages: { network: boolean; endpoint: boolean };
  /** When something was last wrong in the world. */
  disturbedAt: number;
  readonly trace: (line: string) => void;
  /** Whether all faults are over, so that every session must work again. */
  isRecovered: boolean;
}

export function createHistory(parts: Pick<History, 'scenario' | 'world' | 'server' | 'trace'>): History {
  return {
    ...parts,
    ...{ instances: [], logins: [], intents: [], calls: [], refreshes: [], failedOperations: [], losses: [], failovers: [] },
    ...{ storedAt: new Map(), notes: new Map(), records: new Map(), keys: new Map(), evicted: new Set(), stranded: new Set(), judgedReuses: new Set() },
    ...{ outages: { network: false, endpoint: false }, disturbedAt: -Infinity, revokedAt: -Infinity, clockChangedAt: -Infinity, isRecovered: false },
  };
}

/** Reads the plain text of a row; `null` if no user is signed in by it. */
export function recordIn(text: string | null): SignedInRecord | null {
  const decoded = decodeRecord(text);
  return decoded.kind === 'record' && decoded.record.status === 'signedIn' ? decoded.record : null;
}

export const refreshTokenOf = ({ session }: SignedInRecord) => (typeof session.tokens.refreshToken === 'string' ? session.tokens.refreshToken : '');

const sidOf = ({ session }: SignedInRecord) => factsOf(session.tokens.accessToken).sid;

const noteOf = (sid: number, name: string) => `${sid} ${name}`;

/** Takes note of a row's new content. */
export function addRecord(history: History, key: string, record: SignedInRecord | null): void {
  if (!record) return void history.records.delete(key);
  history.records.set(key, record);
  history.keys.set(sidOf(record), key);
  const token = refreshTokenOf(record);
  if (!history.storedAt.has(token)) history.storedAt.set(token, history.world.now());
  const [name] = /^tab-\d+/.exec(record.pendingAttemptId ?? '') ?? [];
  if (name !== undefined) history.notes.set(noteOf(sidOf(record), name), history.world.now());
}

/** Takes note of a request or of its new phase; returns the refresh if it is one. */
export function addExchange(history: History, exchange: Exchange): Refresh | null {
  const { sender, url, body } = exchange;
  const { pathname, searchParams } = new URL(url);
  const instance = history.instances.find(({ process }) => process === sender);
  const call = history.calls[Number(searchParams.get('call') ?? -1)];
  if (call && !call.sends.includes(exchange)) call.sends.push(exchange);
  if (pathname !== '/oauth' || !instance) return null;
  const known = history.refreshes.findLast((refresh) => refresh.exchange === exchange);
  const refresh = known ?? newRefresh(history, instance, exchange, new URLSearchParams(body ?? '').get('refresh_token') ?? '');
  if (!known) history.refreshes.push(refresh);
  if (exchange.status === 200 && refresh.successor === null && exchange.answer !== null) {
    const { user, sid, generation } = factsOf(refresh.refreshToken);
    // The server has rotated it, although the answer may be unreadable.
    if (exchange.answer.includes('top-secret')) refresh.successor = `top-secret.refresh.${user}.${sid}.${generation + 1}`;
    refresh.isUnreadable = !exchange.answer.includes('"refresh_token":');
  }
  return refresh;
}

function newRefresh({ notes }: History, instance: Instance, exchange: Exchange, refreshToken: string): Refresh {
  const { sid } = factsOf(refreshToken);
  return { exchange, instance, sid, refreshToken, notedAt: notes.get(noteOf(sid, instance.tab.name)) ?? -Infinity, successor: null, isUnreadable: false };
}
