/** What an instance gets from the demo. */
export interface InstanceSettings {
  readonly apiUrl: string;
  readonly appKey: string;
  /** Encrypts the tokens in the store, equal for all instances. */
  readonly secret: string;
  /** The directory of the sessions, unless they are in Redis. */
  readonly directory: string;
  readonly redisUrl: string | null;
  /** How the keys in Redis begin. */
  readonly prefix: string;
}

/** What an instance says to the demo. No message has a token. */
export type InstanceMessage =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'refreshSent' }
  | { readonly type: 'refreshAnswered'; readonly isGood: boolean }
  | { readonly type: 'problem'; readonly text: string };
