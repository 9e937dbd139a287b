import type { AuthSnapshot } from 'unexpired/core';
import type { StorageName } from './storages.ts';

/** What the page's address tells it. */
export interface PageOptions {
  /** The API's base URL. */
  readonly api: string;
  /** Which tab this is, for the addresses of its calls. */
  readonly tab: string;
  /** Its default unless said otherwise. */
  readonly storage?: StorageName;
  /** `off` takes Web Locks away before the client is made. */
  readonly locks?: 'on' | 'off';
}

/** What the engine offers to this page. */
export interface Facts {
  readonly secure: boolean;
  readonly locks: boolean;
  readonly channel: boolean;
  readonly indexedDB: boolean;
  readonly hidden: boolean;
}

/** The session as this tab sees it, without its tokens. */
export interface Seen extends Pick<AuthSnapshot, 'status' | 'sessionId' | 'endReason' | 'storage'> {
  readonly refresh: AuthSnapshot['refresh']['state'];
  /** By this tab's clock. */
  readonly expired: boolean;
}

/** What came of a burst of calls. */
export interface BurstOutcome {
  /** Whether the token was expired, by this tab's clock, when the calls began. */
  readonly expiredAtStart: boolean;
  readonly answered: number;
  /** Answers by HTTP status, and errors by code, of the calls that were not answered well. */
  readonly others: Readonly<Record<string, number>>;
  /** Whose answers they were. */
  readonly users: readonly string[];
}

/** Stops a refresh at one of its phases. */
export type Brake =
  /** Just before its request leaves this tab. */
  | 'request'
  /** Just before the other tabs are told that its answer is stored. */
  | 'announcement';

/** Something that all tabs do at once, this one included. */
export type Command =
  /** The clock goes on by so much at once, as over a laptop's sleep. */
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'burst'; readonly name: string; readonly calls: number }
  /** The page starts a burst named `load` as soon as it is loaded again. */
  | { readonly kind: 'reload'; readonly calls: number };

/** What the tests can ask of a page; everything in and out is JSON. */
export interface Harness {
  readonly facts: () => Facts;
  /** Drawn anew by each load of the page. */
  readonly loadId: () => string;
  readonly seen: () => Seen;
  readonly signIn: (botId: string) => Promise<void>;
  readonly signOut: () => Promise<void>;
  /** Disposes of the client; the page is of no use any more. */
  readonly dispose: () => void;
  /** Waits until it is known whether anybody is signed in. */
  readonly untilKnown: () => Promise<Seen>;
  /** Waits until the session is this one, or until there is none. */
  readonly untilSession: (sessionId: string | null) => Promise<void>;
  /** Waits until no lock of this page's session key is held or waited for, over all tabs. */
  readonly untilUnlocked: () => Promise<void>;
  /** Waits until so many requests wait for the lock of the session. */
  readonly untilLockWanted: (times: number) => Promise<void>;
  /** Takes the lock of the session, as another tab's refresh would, until `freeLock`. */
  readonly takeLock: () => Promise<void>;
  readonly freeLock: () => void;
  readonly setBrake: (brake: Brake) => void;
  /** Waits until the refresh stands at the brake. */
  readonly untilBraked: () => Promise<void>;
  /** Gives commands to all tabs of this profile, each after the last one has reached the `others`. */
  readonly conduct: (commands: readonly Command[], others: number) => Promise<void>;
  /** Starts a burst in this tab alone. */
  readonly startBurst: (name: string, calls: number) => void;
  readonly burstOutcome: (name: string) => Promise<BurstOutcome>;
  /** How often this page came back from the back/forward cache. */
  readonly returns: () => number;
  /** Opens a tab with a copy of this one's session storage, and tells what it sees; `null` where the engine lets no page do that. */
  readonly openDuplicate: () => Promise<Seen | null>;
  readonly seenByDuplicate: () => Seen | null;
  readonly closeDuplicate: () => void;
  /** What all databases of this origin and both storage areas hold, as text. */
  readonly storedText: () => Promise<string>;
  /** How long a timer of 10 ms takes that follows another one, ms. */
  readonly timerMs: () => Promise<number>;
  /** What anybody could see of this page since it was asked last: its console, errors, addresses, messages and text. */
  readonly evidence: () => string;
  /** Says a text in every place that the tests look for tokens in, to see that they look. */
  readonly blab: (place: 'console' | 'error' | 'channel' | 'dom' | 'url', text: string) => Promise<void>;
}
