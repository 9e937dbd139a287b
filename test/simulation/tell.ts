import { createScene, type Scene } from '../support/scene.ts';
import type { NetworkFault } from '../support/world.ts';
import { createCast, type Cast } from './cast.ts';
import type { KnownGaps } from './known-gaps.ts';
import { createLedger, hasLostAnswer, sidOf, type Actor, type Ledger } from './ledger.ts';
import type { Happening, Story, Which } from './story.ts';
import { emptyTally, type Tally } from './tally.ts';
import { createWitness, type Witness } from './witness.ts';

/** No message is under way, no backoff is waited for and no clock hand-over is left after that long, ms. */
const SETTLING_MS = 90_000;

/** After the healing no token expires before the end. */
const LONG_LIFE_MS = 3_600_000;

/** All that a story is told with. */
interface Stage {
  readonly scene: Scene;
  readonly ledger: Ledger;
  readonly witness: Witness;
  readonly cast: Cast;
  readonly tally: Tally;
}

/**
 * Tells a story to its end, then lets everything work again, and waits until it is quiet.
 *
 * @throws Violation at the first moment at which an invariant does not hold
 */
export async function tell(story: Story, gaps: KnownGaps, narrate: (line: string) => void = () => undefined): Promise<Tally> {
  const scene = createScene({ accessTokenLifetimeMs: story.lifetimeMs, reuseGraceMs: story.grace ? 1e12 : 0 });
  const { world, api } = scene;
  const startedAt = world.now();
  const ledger = createLedger({ story, gaps, world, api, narrate: (line) => narrate(`${world.now() - startedAt} ms: ${line}`) });
  const witness = createWitness(ledger);
  const tally = emptyTally();
  const stage: Stage = { scene, ledger, witness, tally, cast: createCast(scene, ledger, witness, tally) };
  prepare(stage);
  await world.until(stage.cast.signIn(stage.cast.pick(0), 'ember'));
  for (const event of story.happenings) await happen(stage, event);
  await heal(stage);
  await leave(stage);
  return Object.assign(tally, { worlds: 1, steps: world.steps(), refreshes: api.counts.refreshes, sends: api.calls.length });
}

function prepare({ scene: { world }, ledger: { story }, cast }: Stage): void {
  let drawn = 0;
  world.indiscreet = true;
  world.delayOf = (what) => {
    const ms = story.delays[drawn++ % story.delays.length] ?? 1;
    if (what === 'area') return ms % 6;
    return what === 'answer' ? Math.max(0, ms - 20) : ms;
  };
  for (let count = 0; count < story.tabs; count++) cast.open();
}

async function happen(stage: Stage, event: Happening): Promise<void> {
  const { scene, ledger, cast } = stage;
  const { world, api } = scene;
  const { story } = ledger;
  countFault(stage.tally, event);
  ledger.narrate(JSON.stringify(event));
  switch (event.kind) {
    case 'pass':
      return world.advance(Math.min(event.ms, story.lifetimeMs * 20));
    case 'sleep':
      await world.sleep(event.ms);
      ledger.sleptAt = world.now();
      for (const actor of cast.onStage()) wakeUp(actor);
      return;
    case 'revoke':
      return void api.revokeAccessTokens();
    case 'endSession':
      for (const { id, alive } of api.sessions) if (alive) ledger.endedByApi.add(id);
      return void api.endSession({}, event.code);
    case 'open':
      return void cast.open();
    case 'clock':
      return setClock(stage, event);
    case 'network':
      Object.assign(world, { latencyMs: event.latencyMs, lateMs: event.lateMs });
      // A call that hangs is the caller's own to abort, as with `fetch`; a token request that hangs is ours.
      return void (world.faultOf = ({ url }) => (isEndless(event.fault) && !url.includes('/oauth') ? 'none' : event.fault));
    case 'online':
      return setOnline(stage, event.online);
    case 'storage':
      return void Object.assign(world.storage, { fault: event.fault, slowMs: event.slowMs });
    case 'clear':
      world.storage.clear();
      world.localArea.clear();
      return forget(ledger);
    case 'api':
      return setTrouble(stage, event);
    case 'freeze':
      await world.advance(0);
      return act(stage, event, cast.pick(event.tab));
    default:
      return act(stage, event, cast.pick(event.tab));
  }
}

const isEndless = (fault: NetworkFault) => fault === 'late' || fault.startsWith('hang');

/** Where a tab has not heard of an end, and storage no longer tells it, nobody does. */
function forget(ledger: Ledger): void {
  ledger.everStored.clear();
  for (const sid of ledger.sessions.keys()) ledger.cleared.add(sid);
  for (const { seen } of ledger.actors) {
    const sid = sidOf(ledger, seen);
    if (sid !== null && ledger.intents.some(({ kind, before }) => kind === 'signOut' && before.includes(sid))) ledger.forgotten.add(sid);
  }
}

function setClock({ scene: { world }, ledger }: Stage, { skewMs, driftPpm }: Extract<Happening, { kind: 'clock' }>): void {
  if (skewMs < world.skewMs) ledger.setBackAt = world.now();
  if (skewMs > world.skewMs) ledger.setForwardAt = world.now();
  Object.assign(world, { skewMs, driftPpm });
}

function setOnline({ scene: { world }, ledger, cast }: Stage, online: boolean): void {
  const back = online && !world.online;
  world.online = online;
  if (!back) return;
  ledger.onlineAt = world.now();
  for (const { tab } of cast.onStage()) if (!tab.life.isFrozen()) tab.wake('online');
}

function setTrouble({ scene: { api } }: Stage, { trouble, retryAfter }: Extract<Happening, { kind: 'api' }>): void {
  api.clearFaults();
  if (trouble === 'html') api.addFault({ endpoint: 'refresh', kind: 'html' });
  else if (trouble !== 'well') api.addFault({ endpoint: 'refresh', kind: 'status', status: Number(trouble), ...(retryAfter === null ? {} : { retryAfter }) });
}

type Act = Extract<Happening, { tab: Which }>;

function act(stage: Stage, event: Act, actor: Actor): void {
  const { life } = actor.tab;
  if (event.kind === 'thaw') return life.isFrozen() ? wakeUp(actor) : undefined;
  if (event.kind === 'kill') return life.dieAfter(event.afterSteps);
  if (event.kind === 'reload' || event.kind === 'duplicate') {
    if (event.kind === 'reload') actor.tab.kill();
    return void stage.cast.open({ cloneOf: actor.tab });
  }
  if (!life.isFrozen()) actAwake(stage, event, actor);
}

function actAwake(stage: Stage, event: Act, actor: Actor): void {
  const { scene, ledger, cast } = stage;
  const { tab, auth } = actor;
  if (event.kind === 'call') callOften(stage, event, actor);
  else if (event.kind === 'write') void cast.call(actor, { method: 'POST', body: '{"text":"kept"}' });
  else if (event.kind === 'refresh') cast.refresh(actor);
  else if (event.kind === 'signIn') void cast.signIn(actor, event.bot);
  else if (event.kind === 'signOut') cast.signOut(actor);
  else if (event.kind === 'close') {
    auth.dispose();
    actor.disposedAt = scene.world.now();
  } else if (event.kind === 'wake') {
    if (event.signal === 'online') ledger.onlineAt = scene.world.now();
    tab.wake(event.signal);
  } else if (event.kind === 'background') {
    tab.life.throttle(event.clampMs);
    if (event.clampMs === 0) tab.wake('visible');
  } else if (event.kind === 'freeze') tab.life.freeze();
}

function callOften({ cast }: Stage, { times, abortMs }: Extract<Act, { kind: 'call' }>, actor: Actor): void {
  for (let count = 0; count < times; count++) {
    const controller = new AbortController();
    if (abortMs !== null) actor.tab.life.setTimer(() => controller.abort(), abortMs);
    void cast.call(actor, { signal: controller.signal });
  }
}

function wakeUp({ tab }: Actor): void {
  tab.life.thaw();
  tab.wake('resume');
  tab.wake('visible');
}

/** Everything works again, for everybody. */
async function heal(stage: Stage): Promise<void> {
  const { scene: { world, api }, ledger, cast, witness } = stage;
  Object.assign(world, { latencyMs: 10, faultOf: () => 'none' });
  Object.assign(world.storage, { fault: 'none', slowMs: 0 });
  api.clearFaults();
  api.configure({ accessTokenLifetimeMs: LONG_LIFE_MS });
  for (const actor of ledger.actors) {
    actor.tab.life.dieAfter(Infinity);
    actor.tab.life.throttle(0);
    wakeUp(actor);
  }
  setOnline(stage, true);
  await world.advance(SETTLING_MS);
  for (const { tab } of cast.onStage()) tab.wake('visible');
  await world.advance(1000);
  ledger.healed = true;
  const actors = cast.onStage();
  const signedIn = actors.filter(({ seen }) => isGood(ledger, sidOf(ledger, seen)));
  await world.until(Promise.all(signedIn.map((actor) => cast.call(actor))));
  // Without locks a dead tab's attempt is waited for longer than a call is.
  if (!ledger.story.hasLocks) await world.advance(SETTLING_MS).then(() => world.until(Promise.all(signedIn.map((actor) => cast.call(actor)))));
  await world.advance(SETTLING_MS); // Whatever the last answer was, all have heard of it.
  const failing = ledger.calls.slice(-signedIn.length || Infinity).find(({ status }) => status !== 200);
  if (failing) witness.report(3, `a call of ${failing.actor.tab.name} comes to ${failing.status ?? failing.outcome} though all is well`);
}

/** Whether calls of this session must work by now. */
function isGood(ledger: Ledger, sid: number | null): boolean {
  return sid !== null && !ledger.endedByApi.has(sid) && !hasLostAnswer(ledger, sid);
}

/** Everybody leaves, and nothing of them may stay. */
async function leave({ scene: { world }, ledger, cast }: Stage): Promise<void> {
  ledger.healed = false;
  for (const actor of cast.onStage()) {
    actor.auth.dispose();
    actor.disposedAt = world.now();
  }
  await world.advance(SETTLING_MS);
}

/** Counts what goes wrong in a world on purpose. */
function countFault({ faults }: Tally, event: Happening): void {
  const kind = faultOf(event);
  if (kind !== null) faults[kind] = (faults[kind] ?? 0) + 1;
}

const FAULTY: readonly Happening['kind'][] = ['revoke', 'endSession', 'reload', 'kill', 'freeze', 'sleep', 'clear', 'clock'];

function faultOf(event: Happening): string | null {
  if (event.kind === 'network') return event.fault === 'none' ? null : `network ${event.fault}`;
  if (event.kind === 'storage') return event.fault === 'none' ? (event.slowMs > 0 ? 'storage slow' : null) : `storage ${event.fault}`;
  if (event.kind === 'api') return event.trouble === 'well' ? null : `API ${event.trouble}`;
  if (event.kind === 'background') return event.clampMs === 0 ? null : `timers of ${event.clampMs / 1000} s`;
  if (event.kind === 'online') return event.online ? null : 'offline';
  return FAULTY.includes(event.kind) ? event.kind : null;
}
