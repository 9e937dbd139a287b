import { AuthError } from 'unexpired/core';
import type { TabOptions } from '../support/world.ts';
import type { Scene } from '../support/scene.ts';
import { sidOf, storedPairs, type Actor, type Call, type Intent, type Ledger } from './ledger.ts';
import type { Which } from './story.ts';
import type { Tally } from './tally.ts';
import { textOf, type Witness } from './witness.ts';

/** The tabs of a story, and what their users can do. */
export interface Cast {
  readonly open: (options?: TabOptions) => Actor;
  /** One of the open tabs; one is opened if there is none. */
  readonly pick: (which: Which) => Actor;
  /** The tabs that are open: alive, and not disposed of. */
  readonly onStage: () => Actor[];
  readonly call: (actor: Actor, init?: RequestInit) => Promise<void>;
  readonly refresh: (actor: Actor) => void;
  readonly signIn: (actor: Actor, bot: string) => Promise<void>;
  readonly signOut: (actor: Actor) => void;
}

export function createCast(scene: Scene, ledger: Ledger, witness: Witness, tally: Tally): Cast {
  const { world } = scene;
  const { actors, calls, intents, story } = ledger;

  const onStage = () => actors.filter(({ tab, disposedAt }) => disposedAt === null && tab.life.isAlive());

  function open(options: TabOptions = {}): Actor {
    const { tab, auth } = scene.open({}, { ...options, hasLocks: story.hasLocks, storage: story.storage, seed: story.randomSeed });
    const actor: Actor = { tab, auth, seen: auth.getSnapshot(), disposedAt: null };
    actors.push(actor);
    tally.tabs++;
    witness.watch(actor);
    return actor;
  }

  function isAsking({ tab }: Actor): boolean {
    return ledger.refreshes.some(({ exchange }) => exchange.sender === tab.life && (exchange.phase === 'out' || exchange.phase === 'back'));
  }

  function call(actor: Actor, init: RequestInit = {}): Promise<void> {
    const path = `${init.method === 'POST' ? '/users/me/posts' : '/users/me'}?call=${calls.length}`;
    const told: Call = { path, actor, sid: sidOf(ledger, actor.auth.getSnapshot()), at: world.now(), sends: [], outcome: 'pending' };
    calls.push(told);
    tally.calls++;
    return actor.auth.fetch(path, init).then(
      ({ status }) => {
        told.outcome = 'answered';
        told.status = status;
      },
      (error: unknown) => {
        told.outcome = 'rejected';
        if (AuthError.is(error)) told.code = error.code;
        witness.readRefusal(told);
        witness.readText(textOf(error));
      },
    );
  }

  function intend(kind: Intent['kind'], actor: Actor): Intent {
    const stored = storedPairs(ledger).map(({ accessToken }) => ledger.factsOf(accessToken).sid);
    const shown = sidOf(ledger, actor.auth.getSnapshot());
    const intent: Intent = { kind, actor, before: shown === null ? stored : [...stored, shown], settledAt: null, failed: false, reached: false, began: null };
    intents.push(intent);
    return intent;
  }

  function settle(intent: Intent, done: Promise<unknown>): Promise<void> {
    const over = (failed: boolean) => Object.assign(intent, { settledAt: world.now(), failed, reached: intent.actor.tab.hasReachedStorage() });
    return done.then(
      () => void over(false),
      (error: unknown) => {
        over(true);
        witness.readText(textOf(error));
      },
    );
  }

  return {
    open,
    onStage,
    pick(which) {
      const stage = onStage();
      if (which === 'refreshing') return stage.find(isAsking) ?? stage[0] ?? open();
      return stage[which % stage.length] ?? open();
    },
    call,
    refresh: ({ auth }) => void auth.refresh().catch((error: unknown) => witness.readText(textOf(error))),
    signIn(actor, bot) {
      const intent = intend('signIn', actor);
      const { request, read } = scene.protocol.createBotTokens([bot]);
      const readOn: typeof read = (answer) => {
        const outcome = read(answer);
        if (outcome.kind === 'granted') intent.began = ledger.factsOf(outcome.tokens[bot]?.accessToken ?? '').sid;
        return outcome;
      };
      return settle(intent, actor.auth.signIn({ request, read: readOn }));
    },
    signOut: (actor) => void settle(intend('signOut', actor), actor.auth.signOut()),
  };
}
