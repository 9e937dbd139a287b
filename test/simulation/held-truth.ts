import type { Exchange, World } from '../support/world.ts';
import type { HeldTab } from './held-calls.ts';
import { Violation } from './monitor.ts';
import type { TokenFacts } from './token-facts.ts';

/** How long a call waits at most while its session is lost, ms. */
export const HOLD_MS = 5 * 60_000;

/** How many calls of a tab wait at most. */
export const MOST_CALLS = 4;

/** The longest time that a call can take beside its waits, ms. */
const LONGEST_CALL_MS = 60_000;

/** A call of a tab. */
export interface HeldCall {
  readonly number: number;
  readonly client: HeldTab;
  /** The user whom the tab showed when the call began, or whose session was lost; `null` if there was none. If the page was loading, the user of the first send. */
  user: string | null | undefined;
  readonly sends: Exchange[];
  readonly at: number;
  /** The user was signed out, or the lost session was given up. From then on nothing may be sent. */
  isGivenUp: boolean;
  outcome: 'pending' | 'answered' | 'rejected';
  status?: number;
  code?: unknown;
}

/** Keeps each call with what was sent for it, and checks the invariants. */
export interface HeldTruth {
  readonly calls: HeldCall[];
  /** Adds a call that begins now. */
  readonly begin: (client: HeldTab) => HeldCall;
  /** How many waiting calls went on. */
  readonly wentOn: () => number;
  readonly violated: (number: 4 | 5, detail: string) => Violation;
}

const NAMES = { 4: 'every call settles, and is carried out at most once', 5: 'no call of a user is sent as another one' };

const bearerOf = ({ authorization }: Exchange) => authorization?.replace(/^Bearer /, '') ?? '';

/** Attaches the checks to a world. `botOf` returns the user of a session of the API. */
export function createHeldTruth(world: World, tabs: readonly HeldTab[], factsOf: (token: string) => TokenFacts, botOf: (sid: number) => string | null): HeldTruth {
  const calls: HeldCall[] = [];
  const users = new Map<HeldTab, string | null>();
  const startedAt = world.now();
  const violated = (number: 4 | 5, detail: string) => new Violation({ number, name: NAMES[number] }, detail, world.now() - startedAt);
  /** A client would take the error of a check for one of the network, so it is thrown later. */
  let violation: Violation | null = null;

  /** Follows the user of a tab: a session that ends without a sign-out is lost, and still its own. */
  function userOf(client: HeldTab): string | null | undefined {
    const { status, tokens } = client.auth.getSnapshot();
    if (status === 'loading') return undefined;
    if (status === 'signedIn') users.set(client, botOf(factsOf(tokens?.accessToken ?? '').sid));
    else if (status === 'signedOut' && client.hold.getSnapshot().cause === null) users.set(client, null);
    return users.get(client) ?? null;
  }

  function checkSend(call: HeldCall, exchange: Exchange): void {
    const { number, client, sends } = call;
    const name = `call ${number} of ${client.tab.name}`;
    const { sid } = factsOf(bearerOf(exchange));
    const sender = botOf(sid);
    const user = (call.user ??= call.user === undefined ? sender : null);
    if (user !== null && sender !== user) throw violated(5, `${name}, by ${user}, is sent by ${sender ?? 'no user'}`);
    if (call.isGivenUp) throw violated(5, `${name} is sent although its session was given up`);
    const before = sends.slice(0, -1);
    const unclear = before.find(({ phase, status }) => phase !== 'delivered' || status !== 401);
    if (unclear) throw violated(4, `${name} is sent again after ${unclear.phase} ${unclear.status}`);
    if (before.filter((other) => factsOf(bearerOf(other)).sid === sid).length > 1) throw violated(4, `${name} is sent three times in session ${sid}`);
    checkOrder(call);
  }

  /** Calls that begin while a session is lost are first sent in their order. */
  function checkOrder({ client, number, at, sends }: HeldCall): void {
    const { lostAt, foundAt } = client;
    if (lostAt === null || at < lostAt || sends.length > 1) return;
    const later = calls.find((other) => other.client === client && other.number > number && other.at < foundAt && other.sends.length > 0);
    if (later) throw violated(4, `call ${number} of ${client.tab.name} goes on after call ${later.number}`);
  }

  function isOverdue({ client, outcome, at }: HeldCall): boolean {
    const { tab, awakeSince } = client;
    if (outcome !== 'pending' || !tab.process.isAlive() || tab.process.isFrozen()) return false;
    return world.now() - Math.max(at, awakeSince, client.foundAt, client.lostAt ?? 0) > HOLD_MS + LONGEST_CALL_MS;
  }

  world.onExchange = (exchange) => {
    const call = calls[Number(new URL(exchange.url).searchParams.get('call') ?? -1)];
    if (!call || call.sends.includes(exchange)) return;
    call.sends.push(exchange);
    try {
      checkSend(call, exchange);
    } catch (error) {
      violation ??= error as Violation;
    }
  };
  world.onSettled = () => {
    if (violation) throw violation;
    for (const client of tabs) {
      userOf(client);
      const { cause, waiting } = client.hold.getSnapshot();
      if (waiting > (cause === null ? 0 : MOST_CALLS)) throw violated(4, `${waiting} calls of ${client.tab.name} wait, and the session is ${cause ?? 'not lost'}`);
    }
    const overdue = calls.find(isOverdue);
    if (overdue) throw violated(4, `call ${overdue.number} of ${overdue.client.tab.name} has not settled`);
  };

  return {
    calls,
    violated,
    wentOn: () => calls.filter(({ outcome, client, at }) => outcome === 'answered' && client.lostAt !== null && at < client.foundAt).length,
    begin(client) {
      const call: HeldCall = { number: calls.length, client, user: userOf(client), sends: [], at: world.now(), isGivenUp: false, outcome: 'pending' };
      calls.push(call);
      return call;
    },
  };
}
