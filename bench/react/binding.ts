import type { ReactNode } from 'react';
import type { ApiAddress } from '../peers/peer.ts';
import type { TokenAnswer } from '../server/family.ts';

/** One way to read a session in React. */
export interface Binding {
  /** Stores a session, as the peer of the same library does. */
  signIn(api: ApiAddress, tokens: TokenAnswer): void | Promise<void>;
  /** The provider around the tree. */
  readonly Provider: (props: { readonly api: ApiAddress; readonly children: ReactNode }) => ReactNode;
  /** Reads what a component needs to call the API. */
  readonly useCall: () => unknown;
  /** Reads whether a user is signed in. */
  readonly useStatus: () => boolean;
  /** Reads the access token; `undefined` before there is one. */
  readonly useToken: () => string | undefined;
  /** Returns a function that refreshes at once. */
  readonly useRefresh: () => () => Promise<unknown>;
}
