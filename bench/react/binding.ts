import type { ReactNode } from 'react';
import type { ApiAddress } from '../peers/peer.ts';
import type { TokenAnswer } from '../server/family.ts';

/** One way to read a session in React. */
export interface Binding {
  /** Stores a session, as the peer of the same library does. */
  signIn(api: ApiAddress, tokens: TokenAnswer): void | Promise<void>;
  /** What goes around the tree. */
  readonly Provider: (props: { readonly api: ApiAddress; readonly children: ReactNode }) => ReactNode;
  /** Reads what a component needs that calls the API. */
  readonly useCall: () => unknown;
  /** Reads whether somebody is signed in. */
  readonly useStatus: () => boolean;
  /** Reads the access token; `undefined` before there is one. */
  readonly useToken: () => string | undefined;
  /** A function that refreshes now. */
  readonly useRefresh: () => () => Promise<unknown>;
}
