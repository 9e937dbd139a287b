import type { ProofKey } from './proof.ts';

/** How long a key may wait for the session that it was made for, ms. A user may take an hour to sign in. */
const WAITING_MS = 2 * 60 * 60_000;

/** A key in storage. */
export interface KeptKey extends ProofKey {
  /** When it was made, epoch ms by the device's clock. */
  readonly madeAt: number;
  /** The client whose session has the key; missing until its tokens have arrived. */
  readonly client?: string | undefined;
}

/** All keys of a browser, by their names. They are one value, so that each change is one transaction. */
export type KeyRing = Readonly<Record<string, KeptKey>>;

/** Reads the value in storage. */
export function ringIn(value: unknown): KeyRing {
  return typeof value === 'object' && value !== null ? (value as KeyRing) : {};
}

/** Adds a key. Keys of sign-ins that never came back are removed. */
export function withKey(ring: KeyRing, key: ProofKey, now: number): KeyRing {
  const waiting = Object.entries(ring).filter(([, { client, madeAt }]) => client !== undefined || now - madeAt < WAITING_MS);
  return Object.fromEntries([...waiting, [key.jkt, { ...key, madeAt: now }]]);
}

/** What a tab has read about the session of a client. */
export interface Followed {
  readonly client: string;
  /** The key of the session, if there is one. */
  readonly current: string | undefined;
  /** The key of the session before, if that is over. */
  readonly former: string | undefined;
  /** The key of the session in this tab's memory. */
  readonly own: ProofKey | null;
}

/**
 * Keeps the key of a session, and removes those of former sessions of the same client.
 *
 * If the key is not in storage, the tab may be behind another one, so no other key is removed. The key may also be gone because site data
 * was cleared, so the tab writes it back.
 */
export function followedRing(ring: KeyRing, { client, current, former, own }: Followed, now: number): KeyRing {
  const kept = current === undefined ? undefined : ring[current];
  const isOver = (jkt: string, key: KeptKey) => jkt === former || (kept !== undefined && key.client === client);
  const others = Object.entries(ring).filter(([jkt, key]) => jkt !== current && !isOver(jkt, key));
  const found = kept ?? (own && { ...own, madeAt: now });
  const next = current !== undefined && found ? [...others, [current, found.client === client ? found : { ...found, client }] as const] : others;
  return next.length === Object.keys(ring).length && next.every(([jkt, key]) => ring[jkt] === key) ? ring : Object.fromEntries(next);
}
