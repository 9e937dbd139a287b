import { asObject, parseObject } from '../core/model/json.ts';
import type { ServerMetadata } from './server-metadata.ts';

/** How long a user may take at the authorization server, ms. */
const FLOW_LIFE_MS = 60 * 60_000;

/** The most flows that a browser keeps. With one more, the oldest is dropped. */
const MOST_FLOWS = 20;

/** A sign-in that has begun, from the moment the page is left until it comes back. It is kept by its `state`. */
export interface Flow {
  /** Binds the ID token to this flow. */
  readonly nonce: string;
  /** The PKCE code verifier, which proves that this browser has begun the flow (RFC 7636). */
  readonly verifier: string;
  /** Where the user goes on, a path of this origin. */
  readonly returnTo: string;
  /** Epoch ms by the device's clock. */
  readonly startedAt: number;
  readonly redirectUri: string;
  /** The server that the user was sent to. The code goes to no other one. */
  readonly server: ServerMetadata;
  /** The longest time since the user was authenticated, seconds. */
  readonly maxAge?: number | undefined;
  /** Whether an ID token was asked for. */
  readonly isOpenId: boolean;
  /** The key that the code is bound to, and that redeems it (RFC 9449 section 10). */
  readonly jkt?: string | undefined;
  /** Whether the flow runs in a window of its own, which is closed after it. */
  readonly isPopup: boolean;
}

/** The flows of a browser, by `state`. */
export type Flows = Readonly<Record<string, Flow>>;

/** Reads the flows in storage, without those that are too old or damaged. */
export function decodeFlows(stored: unknown, now: number): Flows {
  const flows = typeof stored === 'string' ? parseObject(stored) : null;
  return Object.fromEntries(Object.entries(flows ?? {}).flatMap(([state, flow]) => (isFlow(flow) && now - flow.startedAt < FLOW_LIFE_MS ? [[state, flow]] : [])));
}

/** Adds a flow. */
export function withFlow(flows: Flows, state: string, flow: Flow): Flows {
  const others = Object.entries(flows).sort(([, one], [, other]) => other.startedAt - one.startedAt).slice(0, MOST_FLOWS - 1);
  return Object.fromEntries([...others, [state, flow]]);
}

function isFlow(value: unknown): value is Flow {
  const { nonce, verifier, returnTo, startedAt, redirectUri, server } = asObject(value) ?? {};
  return [nonce, verifier, returnTo, redirectUri, asObject(server)?.['issuer'], asObject(server)?.['token_endpoint']].every((text) => typeof text === 'string')
    && Number.isFinite(startedAt);
}
