import { AuthError, defineGrant, restoreSession } from 'unexpired/core';
import { createBotTokens } from 'unexpired/bonfire';
import type { Setup } from '../support/setup.ts';
import type { TabOptions } from '../support/world.ts';
import type { Counts } from './counts.ts';
import { sidOf, storedSessions, type Call, type History, type Intent, type TabClient } from './history.ts';
import { sidToSignOut } from './jar-history.ts';
import { textOf, type Monitor } from './monitor.ts';
import type { TabChoice } from './scenario.ts';

/** The tabs of a world, and the actions of their users. */
export interface TabClients {
  readonly open: (options?: TabOptions) => TabClient;
  /** Returns one of the open tabs; opens one if there is none. */
  readonly pick: (choice: TabChoice) => TabClient;
  /** Returns the open tabs: alive, with a client that is not disposed. */
  readonly allOpen: () => TabClient[];
  readonly call: (client: TabClient, init?: RequestInit) => Promise<void>;
  readonly refresh: (client: TabClient) => void;
  readonly signIn: (client: TabClient, bot: string) => Promise<void>;
  readonly signOut: (client: TabClient) => void;
  readonly restore: (client: TabClient) => void;
}

export function createTabClients(setup: Setup, history: History, monitor: Monitor, counts: Counts): TabClients {
  const { world } = setup;
  const { clients, calls, intents, scenario } = history;

  const allOpen = () => clients.filter(({ tab, disposedAt }) => disposedAt === null && tab.process.isAlive());

  // Half of the worlds use the access token up after the API has refused the refresh token.
  const endWhen = scenario.randomSeed % 2 === 0 ? 'refused' : 'token_expires';

  function open(options: TabOptions = {}): TabClient {
    const { tab, auth } = setup.open({ endWhen, accessToken: scenario.accessToken }, { ...options, hasLocks: scenario.hasLocks, seed: scenario.randomSeed });
    const client: TabClient = { tab, auth, snapshot: auth.getSnapshot(), openedAt: world.now(), disposedAt: null };
    clients.push(client);
    counts.tabs++;
    monitor.watch(client);
    return client;
  }

  function isRefreshing({ tab }: TabClient): boolean {
    return history.refreshes.some(({ exchange }) => exchange.sender === tab.process && (exchange.phase === 'out' || exchange.phase === 'back'));
  }

  function call(client: TabClient, init: RequestInit = {}): Promise<void> {
    const path = `${init.method === 'POST' ? '/users/me/posts' : '/users/me'}?call=${calls.length}`;
    const made: Call = { path, client, sid: sidOf(history, client.auth.getSnapshot()), at: world.now(), sends: [], outcome: 'pending' };
    calls.push(made);
    counts.calls++;
    return client.auth.fetch(path, init).then(
      ({ status }) => {
        made.outcome = 'answered';
        made.status = status;
      },
      (error: unknown) => {
        made.outcome = 'rejected';
        if (AuthError.is(error)) made.code = error.code;
        monitor.checkRejection(made);
        monitor.checkText(textOf(error));
      },
    );
  }

  function begin(kind: Intent['kind'], client: TabClient): Intent {
    const stored = storedSessions(history).map(({ sid }) => sid);
    const known = [sidOf(history, client.auth.getSnapshot()), sidToSignOut(history)].filter((sid) => sid !== null);
    const intent: Intent = { kind, client, before: [...stored, ...known].filter((sid) => sid >= 0), settledAt: null, failed: false, reached: false, began: null, beganAt: null };
    intents.push(intent);
    return intent;
  }

  function settle(intent: Intent, done: Promise<unknown>): Promise<void> {
    const settled = (failed: boolean) => Object.assign(intent, { settledAt: world.now(), failed, reached: intent.client.tab.hasReachedStorage() });
    return done.then(
      () => void settled(false),
      (error: unknown) => {
        settled(true);
        monitor.checkText(textOf(error));
      },
    );
  }

  return {
    open,
    allOpen,
    pick(choice) {
      const tabs = allOpen();
      if (choice === 'refreshing') return tabs.find(isRefreshing) ?? tabs[0] ?? open();
      return tabs[choice % tabs.length] ?? open();
    },
    call,
    refresh(client) {
      // A page that is still loading asks for the session that it then shows.
      const noteAsked = () => {
        const sid = sidOf(history, client.auth.getSnapshot());
        if (sid !== null) history.askedAgain.set(sid, world.now());
      };
      void client.auth.ready().then(noteAsked, noteAsked);
      void client.auth.refresh().catch((error: unknown) => monitor.checkText(textOf(error)));
    },
    restore(client) {
      history.jar.askedAt = world.now();
      void restoreSession(client.auth).catch((error: unknown) => monitor.checkText(textOf(error)));
    },
    signIn(client, bot) {
      const intent = begin('signIn', client);
      const { request, read } = createBotTokens(setup.protocol, [bot]);
      const readAndNote: typeof read = (answer) => {
        const outcome = read(answer);
        if (outcome.kind === 'granted') Object.assign(intent, { began: history.factsOf(outcome.tokens[bot]?.accessToken ?? '').sid, beganAt: world.now() });
        return outcome;
      };
      return settle(intent, client.auth.signIn(defineGrant({ request, read: readAndNote })));
    },
    signOut: (client) => void settle(begin('signOut', client), client.auth.signOut()),
  };
}
