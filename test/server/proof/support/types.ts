/** What the authorization server has done for a session. */
export type AuthEntryKind = 'login' | 'refresh' | 'repeat' | 'reuse' | 'refused' | 'revoke' | 'lost' | 'unavailable';

/** A line of the authorization server's own log. */
export interface AuthEntry {
  /** Epoch ms. All processes run on one machine, so they share its clock. */
  readonly at: number;
  readonly kind: AuthEntryKind;
  readonly family: string;
  readonly user: string;
  /** The generation of the refresh token that was sent. */
  readonly generation: number;
  /** The instance that sent it. */
  readonly instance: string;
  /** Whether the access token of this generation could still be used. */
  readonly isNeedless: boolean;
}

/** How the authorization server behaves. */
export interface AuthSwitches {
  /** How long an access token lives, ms. */
  lifetimeMs: number;
  /** How long the former refresh token is answered with the current tokens, ms. */
  graceMs: number;
  /** Whether the token endpoint answers 503. */
  unavailable: boolean;
  /** How many of the next answers are lost after the tokens were rotated. */
  loseAnswers: number;
  /** The longest pause before and after a refresh, ms. */
  latencyMs: number;
  /** How much longer each refresh takes, ms. */
  slowMs: number;
  /** The length of each token, bytes. */
  tokenBytes: number;
  /** How long the API takes, ms. */
  apiLatencyMs: number;
  /** Whether the revocation endpoint answers 503. */
  refusesRevocation: boolean;
}

/** What an instance prints when it has ended as a deploy ends it. */
export const ENDED = 'ended';

/** The moments of a refresh at which an instance can be killed or paused. */
export const STEPS = ['before-note', 'noted', 'sent', 'answered', 'stored'] as const;
export type Step = (typeof STEPS)[number];

/** Stops an instance at its next such step. */
export interface Breakpoint {
  readonly step: Step;
  readonly signal: 'SIGKILL' | 'SIGSTOP';
}

/** A line that an instance writes before it goes on, so a killed one has written it. */
export interface JournalEntry {
  readonly at: number;
  readonly instance: string;
  readonly pid: number;
  readonly step: Step | 'break';
  /** The row, for a write to the store. */
  readonly key?: string;
  /** The session and the generation, for a request to the token endpoint. */
  readonly family?: string;
  readonly generation?: number;
}

/** The configuration of an instance, as the argument of its process. */
export interface InstanceConfig {
  readonly name: string;
  readonly port: number;
  readonly authUrl: string;
  readonly store: StoreAddress;
  readonly journal: string;
  readonly defect: Defect | null;
}

/** The store of an instance, and the package whose client it uses. */
export interface StoreAddress {
  readonly kind: 'redis' | 'ioredis' | 'postgres';
  readonly url: string;
}

/** Faults that are put into an instance on purpose, to see that the judge notices them. */
export const DEFECTS = ['ignores-etag', 'never-extends', 'missing-row-is-empty'] as const;
export type Defect = (typeof DEFECTS)[number];

/** A fault of a run, with its time. */
export interface Fault {
  readonly kind: 'killed' | 'paused' | 'store-down' | 'write-lost' | 'evicted';
  /** The instance, or an empty text for the store. */
  readonly instance: string;
  readonly from: number;
  readonly to: number;
}

/** A session, as its browser has it. */
export interface BrowserSession {
  readonly user: string;
  readonly cookie: string;
  /** The key of its row. */
  readonly key: string;
}

/** A request of a browser, and its answer. */
export interface Exchange {
  readonly kind: 'call' | 'sign-out';
  readonly user: string;
  readonly instance: string;
  readonly from: number;
  readonly to: number;
  /** 0 if there was no answer. */
  readonly status: number;
  /** The user whose data came back. */
  readonly answeredUser: string | null;
  readonly error: string | null;
  readonly endReason: string | null;
  readonly setCookie: string | null;
}
