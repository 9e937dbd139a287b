import type { Exchange } from '../support/world.ts';
import { TOKEN_ENDPOINT, type SeveralApis } from '../support/several-apis.ts';
import type { ApiTab } from './api-worlds.ts';
import { Violation } from './monitor.ts';

/** The invariants that these worlds check. */
const NAMES = {
  1: 'at most one token request of a session is in flight',
  2: 'no rotated refresh token is sent again',
  3: 'no session ends by itself',
  4: 'every call settles, with two sends at most',
  5: 'each token goes to its API, as its user',
  6: 'a signed-out session holds no token',
  7: 'no token is sent that has expired',
};

/** A call of the app. */
interface MadeCall {
  readonly client: ApiTab;
  /** `null` while the page loads. The first user who is signed in then owns the call. Empty if no user is signed in. */
  readonly user: string | null;
  readonly path: string;
  readonly mustSucceed: boolean;
  outcome: string | null;
}

/** What has happened in a world, and what must hold. */
export interface ApiTruth {
  /** From now on, an answer may have been lost, so that the server may end a grant. */
  readonly lossy: () => void;
  /** The device is about to sleep. */
  readonly sleeps: () => void;
  readonly signsOut: (client: ApiTab, done: Promise<void>) => void;
  readonly settles: (client: ApiTab, promise: Promise<unknown>) => void;
  readonly calls: (client: ApiTab, origin: string, mustSucceed?: boolean) => void;
  readonly agree: (tabs: readonly ApiTab[]) => void;
  readonly isWhole: (tabs: readonly ApiTab[]) => void;
  readonly counts: () => Readonly<Record<string, number>>;
}

/** Creates the truth of one world. `world.advance` throws the first violation. */
export function createApiTruth(apis: SeveralApis): ApiTruth {
  const { world, requests, received, misdirected } = apis;
  const users = new Map<string, string>();
  const calls: MadeCall[] = [];
  const rotated = new Map<string, string>();
  const pending = new Set<{ readonly client: ApiTab }>();
  let isLossy = false;
  let isSlow = false;
  let checked = 0;
  let violation: Violation | null = null;

  const violate = (number: keyof typeof NAMES, detail: string) => (violation ??= new Violation({ number, name: NAMES[number] }, detail, world.now()));
  const isInFlight = ({ sender, phase, hangs }: Exchange) => sender.isAlive() && !sender.isFrozen() && !hangs && (phase === 'out' || phase === 'back');
  const sentToken = ({ body }: Exchange) => new URLSearchParams(body ?? '').get('refresh_token') ?? '';

  const { onExchange } = world;
  world.onExchange = (exchange) => {
    const isNew = exchange.url.startsWith(TOKEN_ENDPOINT) && !requests.includes(exchange);
    onExchange(exchange);
    if (!isNew) {
      const { refresh_token: next } = JSON.parse((exchange.url.startsWith(TOKEN_ENDPOINT) && exchange.answer) || '{}') as { refresh_token?: string };
      if (next && exchange.phase === 'delivered') rotated.set(sentToken(exchange), next);
      return;
    }
    const grant = apis.grantOf(sentToken(exchange));
    const others = requests.filter((other) => other !== exchange && isInFlight(other) && apis.grantOf(sentToken(other)) === grant);
    if (others.length > 0 && !exchange.sender.isFrozen()) violate(1, `another one was sent ${world.now() - others[0]!.sentAt} ms before`);
    const next = rotated.get(sentToken(exchange));
    if (next && apis.storedText().includes(`${next}\\"`)) violate(2, sentToken(exchange));
  };

  world.onSettled = () => {
    const { sessionId, tokens } = (JSON.parse(String([...world.storage.values.values()][0] ?? '{}')) as { session?: { sessionId: string; tokens: { refreshToken?: string } } }).session ?? { sessionId: '', tokens: {} };
    if (tokens.refreshToken) users.set(sessionId, tokens.refreshToken.split('-').at(-1)!);
    for (const { origin, user, path, expiredByMs } of received.slice(checked)) {
      const call = calls.find((made) => made.path === path);
      if (user !== null && call?.user !== null && call?.user !== user) violate(5, `${path} of ${call?.user} was sent as ${user}`);
      // A token may expire while a late answer brings it, or while the device sleeps.
      if (user !== null && expiredByMs > 0 && !isLossy && !isSlow) violate(7, `${path} was sent to ${origin}, ${expiredByMs} ms too late`);
      if (received.filter((one) => one.path === path).length > 2) violate(4, `${path} was sent more than twice`);
    }
    checked = received.length;
    if (misdirected.length > 0) violate(5, misdirected.join());
    if (violation) throw violation;
  };

  function settles(client: ApiTab, promise: Promise<unknown>): void {
    const entry = { client };
    pending.add(entry);
    const done = () => void pending.delete(entry);
    promise.then(done, done);
  }

  return {
    lossy: () => void (isLossy = true),
    sleeps: () => void (isSlow ||= requests.some(isInFlight)),
    signsOut(client, done) {
      const { sessionId } = client.auth.getSnapshot();
      settles(client, done.then(() => {
        if (client.auth.getSnapshot().sessionId === sessionId && sessionId !== null) violate(6, 'the tab still has the session');
      }));
    },
    settles,
    calls(client, origin, mustSucceed = false) {
      const { status, sessionId } = client.auth.getSnapshot();
      const user = status === 'loading' ? null : users.get(sessionId ?? '') ?? '';
      const call: MadeCall = { client, user, path: `/${calls.length}`, mustSucceed, outcome: null };
      calls.push(call);
      settles(client, client.auth.fetch(`${origin}${call.path}`, { method: 'POST', body: '' }).then(
        ({ status }) => (call.outcome = `${status}`),
        (error: { readonly code?: string; readonly name?: string }) => (call.outcome = error.code ?? error.name ?? 'error'),
      ));
    },
    agree(tabs) {
      const sessions = new Set(tabs.map(({ auth }) => auth.getSnapshot().sessionId));
      if (sessions.size > 1) violate(6, `the tabs have ${sessions.size} sessions`);
      const ends = new Set(tabs.map(({ auth }) => auth.getSnapshot().endReason));
      if (!isLossy && [...ends].some((reason) => reason !== null && reason !== 'sign_out')) violate(3, [...ends].join());
      if (violation) throw violation;
    },
    isWhole(tabs) {
      if ([...pending].some(({ client }) => tabs.includes(client))) violate(4, 'a promise is pending');
      for (const { client, path, mustSucceed, outcome } of calls) {
        const isSignedIn = client.auth.getSnapshot().status === 'signedIn';
        if (mustSucceed && outcome !== (isSignedIn ? '200' : 'signed_out')) violate(4, `${path}: ${outcome}`);
      }
      if (tabs.every(({ auth }) => auth.getSnapshot().status === 'signedOut') && /access-|refresh-/.test(apis.storedText())) violate(6, 'storage has a token');
      if (violation) throw violation;
    },
    counts: () => ({ answered: received.filter(({ status }) => status === 200).length, requests: requests.length, ended: [...apis.grants()].filter(({ isOver }) => isOver).length }),
  };
}
