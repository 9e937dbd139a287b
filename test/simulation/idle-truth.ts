import type { World } from '../support/world.ts';
import type { IdleTab } from './idle-users.ts';
import type { Violation } from './monitor.ts';

export const IDLE_MS = 10 * 60_000;
export const LONGEST_MS = 45 * 60_000;

/** A step of a tab's timer, and the wait for storage. A tab that was asleep waits for its next step. */
const STEP_MS = 32_000;

/** Clocks in a record are that exact, and a request of the moment before the end may still leave. */
const GRAIN_MS = 1500;

/** How long a tab may take to write its last activity. */
const WRITE_MS = 6000;

/** What a session has seen, by the true time. */
interface Session {
  readonly id: string;
  readonly startedAt: number;
  /** When its tokens were requested. A session counts from then until a tab has written stamps. */
  readonly begunAt: number;
  /** The latest activity in any tab. */
  activeAt: number;
  /** The latest activity that all tabs can read. */
  sharedAt: number;
  /** How far the clock was set back since the latest activity, and since the start, ms. */
  readonly back: { idle: number; session: number };
  /** Whether a tab was closed, frozen or asleep since the clock was set back. Then the time cannot be measured. */
  isBlind: boolean;
  /** Whether the clock jumped, or storage failed. Then the session may end early. */
  isDisturbed: boolean;
}

/** Knows when sessions must end, and compares that with what the tabs show and send. */
export interface IdleTruth {
  readonly ends: Record<string, number>;
  readonly touch: (client: IdleTab) => void;
  readonly jumped: (ms: number) => void;
  /** Storage fails, or loses what it has. */
  readonly lost: () => void;
  /** A tab is closed or frozen, or the device sleeps. */
  readonly disturbed: (client?: IdleTab) => void;
  /** Expects that a call of a tab settles. */
  readonly settles: (client: IdleTab, call: Promise<unknown>) => void;
  readonly agree: () => void;
  readonly isOver: (storedText: string) => void;
}

type Report = (number: 3 | 4 | 6 | 11, detail: string) => Violation;

export function createIdleTruth(world: World, tabs: readonly IdleTab[], violated: Report): IdleTruth {
  const sessions = new Map<string, Session>();
  const lasting = new Set<{ readonly client: IdleTab; readonly session: Session; readonly at: number }>();
  const seen = new Map<IdleTab, string | null>();
  /** Since when a tab runs: it was opened, thawed, or the device woke up. */
  const awakeSince = new Map<IdleTab, number>();
  const pending = new Map<object, IdleTab>();

  const sessionOf = ({ auth }: IdleTab) => sessions.get(auth.getSnapshot().sessionId ?? '');
  const excuseOf = ({ isBlind, back }: Session, name: 'idle' | 'session') => (isBlind ? back[name] : 0);
  /** How long a session is over, ms. */
  const lateMs = (session: Session) => Math.max(
    world.now() - session.activeAt - IDLE_MS - excuseOf(session, 'idle'),
    world.now() - session.startedAt - LONGEST_MS - excuseOf(session, 'session'),
  );

  world.onSettled = () => {
    for (const activity of lasting) {
      const { client, session, at } = activity;
      if (world.now() - at < WRITE_MS + client.tab.process.throttleMs()) continue;
      session.sharedAt = Math.max(session.sharedAt, at);
      lasting.delete(activity);
    }
    for (const client of tabs) checkTab(client);
  };

  function checkTab(client: IdleTab): void {
    const { tab, auth } = client;
    const { sessionId, status, endReason, receipt } = auth.getSnapshot();
    if (sessionId !== null && !sessions.has(sessionId)) {
      const now = world.now();
      const begunAt = Math.min(now, (receipt?.receivedAt ?? now) - world.skewMs);
      sessions.set(sessionId, { id: sessionId, startedAt: now, begunAt, activeAt: now, sharedAt: begunAt, back: { idle: 0, session: 0 }, isBlind: false, isDisturbed: false });
    }
    const before = sessions.get(seen.get(client) ?? '');
    seen.set(client, sessionId);
    if (before && status === 'signedOut' && (endReason === 'idle' || endReason === 'expired')) checkEnd(before, endReason, tab.name);
    const session = sessionOf(client);
    if (tab.process.isFrozen() || !tab.process.isAlive()) return void awakeSince.delete(client);
    const awakeAt = awakeSince.get(client) ?? world.now();
    awakeSince.set(client, awakeAt);
    if (!session) return;
    const late = Math.min(lateMs(session), world.now() - awakeAt) - tab.process.throttleMs();
    if (late > STEP_MS) throw violated(11, `${tab.name} shows ${session.id} ${late} ms after its end`);
  }

  function checkEnd(session: Session, reason: string, name: string): void {
    truth.ends[reason] = (truth.ends[reason] ?? 0) + 1;
    const early = reason === 'idle' ? session.sharedAt + IDLE_MS - world.now() : session.begunAt + LONGEST_MS - world.now();
    if (!session.isDisturbed && early > GRAIN_MS) throw violated(3, `${name} ends ${session.id} as ${reason} ${early} ms early`);
  }

  world.onExchange = ({ sender, phase, sentAt, phaseAt, url }) => {
    const client = tabs.find(({ tab }) => tab.process === sender);
    const session = client && sessionOf(client);
    if (session && phase === 'out' && sentAt === phaseAt && lateMs(session) > GRAIN_MS) throw violated(11, `${client.tab.name} sends ${url} ${lateMs(session)} ms after the end of ${session.id}`);
  };

  const truth: IdleTruth = {
    ends: {},
    touch(client) {
      const session = sessionOf(client);
      client.limits.touch();
      if (!session || (lateMs(session) > 0 && !(session.isBlind && session.back.idle > 0))) return;
      const isCounted = (client.limits.getEnd()?.endsAt ?? 0) >= world.now() + world.skewMs + IDLE_MS - GRAIN_MS;
      if (!isCounted && client.limits.getEnd()?.cause === 'idle') return; // The tab reads storage first.
      session.activeAt = world.now();
      session.back.idle = 0;
      lasting.add({ client, session, at: world.now() });
    },
    jumped(ms) {
      for (const session of sessions.values()) {
        session.isDisturbed = true;
        if (ms < 0) {
          session.back.idle -= ms;
          session.back.session -= ms;
        }
      }
    },
    lost() {
      for (const session of sessions.values()) session.isDisturbed = true;
    },
    disturbed(client) {
      for (const activity of lasting) if (!client || activity.client === client) lasting.delete(activity);
      for (const session of sessions.values()) session.isBlind ||= session.back.session > 0;
    },
    settles(client, call) {
      const settled = () => void pending.delete(call);
      pending.set(call, client);
      call.then(settled, settled);
    },
    agree() {
      const shown = new Set(tabs.map(({ auth }) => auth.getSnapshot().sessionId));
      if (shown.size > 1) throw violated(3, `the tabs show ${[...shown].join(', ')}`);
    },
    isOver(storedText) {
      for (const { auth, tab } of tabs) if (auth.getSnapshot().status !== 'signedOut') throw violated(11, `${tab.name} is ${auth.getSnapshot().status} at the end`);
      const hanging = [...pending.values()].filter((client) => tabs.includes(client)).length;
      if (hanging > 0) throw violated(4, `${hanging} calls have not settled`);
      if (/access_token|accessToken/.test(storedText)) throw violated(6, 'storage has a token at the end');
    },
  };
  return truth;
}
