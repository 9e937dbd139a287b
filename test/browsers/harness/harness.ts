import type { AuthSnapshot } from 'unexpired/core';
import type { StorageName } from './storages.ts';

/** The settings in the page's address. */
export interface PageOptions {
  /** The API's base URL. */
  readonly api: string;
  /** The tab's number, which is part of the addresses of its calls. */
  readonly tab: string;
  /** The client's default storage if not given. */
  readonly storage?: StorageName;
  /** `cookie` keeps the refresh token in a cookie of the API. */
  readonly refreshToken?: 'cookie';
  /** `memory` keeps access tokens out of storage, so each tab has its own. */
  readonly accessToken?: 'memory';
  /** The factor of the client's own deadlines. */
  readonly stretch: string;
  /** Ends the session after this many ms without activity. */
  readonly idleMs?: string;
  /** `off` removes Web Locks before the client is created. */
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

/** The result of a burst of calls. */
export interface BurstOutcome {
  /** Whether the token was expired, by this tab's clock, when the calls began. */
  readonly expiredAtStart: boolean;
  readonly answered: number;
  /** Counts of the calls that were not answered well, by HTTP status or error code. */
  readonly others: Readonly<Record<string, number>>;
  /** The users whose data the answers contained. */
  readonly users: readonly string[];
}

/** A phase at which a refresh can be stopped. */
export type Breakpoint =
  /** Just before its request leaves this tab. */
  | 'request'
  /** Just before the message to the other tabs that its answer is stored. */
  | 'announcement';

/** Something that all tabs do at the same time, this one included. */
export type Command =
  /** The clock jumps ahead, as over a laptop's sleep. */
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'burst'; readonly name: string; readonly calls: number }
  /** The page starts a burst named `load` as soon as it is loaded again. */
  | { readonly kind: 'reload'; readonly calls: number };

/** The functions of a page that the tests can call. All arguments and results are JSON. */
export interface Harness {
  readonly facts: () => Facts;
  /** Differs for each load of the page. */
  readonly loadId: () => string;
  readonly seen: () => Seen;
  readonly signIn: (botId: string) => Promise<void>;
  readonly signOut: () => Promise<void>;
  /** Disposes of the client. The page cannot be used afterwards. */
  readonly dispose: () => void;
  /** Waits until it is known whether a user is signed in. */
  readonly untilKnown: () => Promise<Seen>;
  /** Waits until the session is this one, or until there is none. */
  readonly untilSession: (sessionId: string | null) => Promise<void>;
  /** Sends a refresh past the client, and returns the status: 401 if the browser has no cookie for the API. */
  readonly statusOfCookie: () => Promise<number>;
  /** Waits until no tab holds or waits for a lock of this page's session key. */
  readonly untilUnlocked: () => Promise<void>;
  /** Waits until exactly this many requests wait for the session's lock. */
  readonly untilLockWanted: (times: number) => Promise<void>;
  /** Takes the session's lock, as another tab's refresh would, until `freeLock`. */
  readonly takeLock: () => Promise<void>;
  readonly freeLock: () => void;
  readonly setBreakpoint: (breakpoint: Breakpoint) => void;
  /** Waits until the refresh has stopped at the breakpoint. */
  readonly untilAtBreakpoint: () => Promise<void>;
  /** Sends commands to all tabs of this profile. Each is sent after the one before has reached all `others`. */
  readonly runInAllTabs: (commands: readonly Command[], others: number) => Promise<void>;
  /** Starts a burst in this tab only. */
  readonly startBurst: (name: string, calls: number) => void;
  readonly burstOutcome: (name: string) => Promise<BurstOutcome>;
  /** How often this page was restored from the back/forward cache. */
  readonly returns: () => number;
  /** Opens a tab with a copy of this tab's session storage and returns its session. Returns `null` if the engine does not let a page do that. */
  readonly openDuplicate: () => Promise<Seen | null>;
  readonly seenByDuplicate: () => Seen | null;
  readonly closeDuplicate: () => void;
  /** Counts as activity of the user in this page. */
  readonly touch: () => void;
  /** How long it is until the session ends, ms by this page's clock; `null` if no end is known. */
  readonly endsInMs: () => number | null;
  /** The statuses that this page has shown since it was loaded. */
  readonly shown: () => readonly string[];
  /** Opens a frame with the same page, waits until it has the session, and counts as activity in it. */
  readonly touchInFrame: () => Promise<void>;
  /** The content of all databases of this origin and of both storage areas, as text. */
  readonly storedText: () => Promise<string>;
  /** How long a 10 ms timer takes that follows another one, ms. */
  readonly timerMs: () => Promise<number>;
  /** What this page has exposed since the last call: console, errors, addresses, messages and HTML. */
  readonly exposedText: () => string;
  /** Writes a text to a place that the tests search for tokens, to prove that they find it there. */
  readonly leak: (place: 'console' | 'error' | 'channel' | 'dom' | 'url', text: string) => Promise<void>;
}
