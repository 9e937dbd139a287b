import type { AuthClient } from 'unexpired/core';
import { createScene, type Scene } from '../support/scene.ts';
import type { Tab } from '../support/world.ts';
import type { Happening, Story } from './story.ts';

/** One call of a story: who made it, and what came of it. */
export interface ToldCall {
  readonly path: string;
  readonly madeBy: string | null;
  settled: boolean;
}

/** What a story came to. */
export interface Told {
  readonly scene: Scene;
  readonly calls: readonly ToldCall[];
  readonly clients: readonly AuthClient[];
  readonly posted: readonly unknown[];
  /** Whether somebody signed in, and nobody signed out after it. */
  readonly shouldLive: boolean;
  /** Whether a token could be refused for another reason than that it was sent when expired. */
  readonly mayBeRejected: boolean;
  readonly killed: boolean;
}

/** No message is under way, no backoff is waited for and no clock hand-over is left after that long, ms. */
const SETTLING_MS = 200_000;

type OpenTab = { readonly tab: Tab; readonly auth: AuthClient };

/** Tells a story to its end, then lets everything work again and waits until it is quiet. */
export async function tell({ tabs, lifetimeMs, delays, happenings }: Story): Promise<Told> {
  // A tab that dies with an answer under way can be saved by the API's grace alone.
  const killed = happenings.some(({ kind }) => kind === 'kill');
  const scene = createScene({ accessTokenLifetimeMs: lifetimeMs, reuseGraceMs: killed ? 1e12 : 0 });
  const { world, api } = scene;
  const open: OpenTab[] = [];
  const posted: unknown[] = [];
  const calls: ToldCall[] = [];
  const settling: Promise<unknown>[] = [];
  let drawn = 0;
  let intention: 'in' | 'out' = 'in';
  world.delayOf = () => delays[drawn++ % delays.length] ?? 1;

  const openTab = () => {
    const opened = scene.open();
    opened.auth.subscribe(() => undefined);
    open.push(opened);
  };
  const pick = (index: number) => open[index % open.length];

  function call(client: AuthClient, init?: RequestInit): void {
    const path = init ? '/users/me/posts' : '/users/me';
    const told: ToldCall = { path: `${path}?call=${calls.length}`, madeBy: client.getSnapshot().sessionId, settled: false };
    calls.push(told);
    const settle = () => (told.settled = true);
    settling.push(client.fetch(told.path, init).then(settle, settle));
  }

  async function happen(event: Happening): Promise<void> {
    if (event.kind === 'pass') return world.advance(Math.min(event.ms, lifetimeMs * 20));
    if (event.kind === 'revoke') return void api.revokeAccessTokens();
    if (event.kind === 'open') return openTab();
    if (event.kind === 'clock') return void (world.skewMs = event.skewMs);
    if (event.kind === 'network') {
      world.latencyMs = event.latencyMs;
      // A call that hangs is the caller's own to abort, as with `fetch`; a refresh that hangs is ours.
      return void (world.faultOf = ({ url }) => (event.fault === 'hangBefore' && !url.endsWith('/oauth') ? 'none' : event.fault));
    }
    if (event.kind === 'api') return misbehave(event.answer);
    const actor = pick(event.tab);
    if (actor) await act(event, actor);
  }

  function misbehave(answer: '503' | '429' | 'html' | 'well'): void {
    api.clearFaults();
    if (answer === 'html') api.addFault({ endpoint: 'refresh', kind: 'html' });
    else if (answer !== 'well') api.addFault({ endpoint: 'refresh', kind: 'status', status: Number(answer), retryAfter: 5 });
  }

  async function act(event: Extract<Happening, { tab: number }>, { tab, auth }: OpenTab): Promise<void> {
    if (event.kind === 'call') for (let times = 0; times < event.times; times++) call(auth);
    else if (event.kind === 'write') call(auth, { method: 'POST', body: '{"text":"kept"}' });
    else if (event.kind === 'refresh') settling.push(auth.refresh().catch(() => undefined));
    else if (event.kind === 'wake') tab.wake(event.signal);
    else if (event.kind === 'signIn') await signIn(auth, event.bot);
    else if (event.kind === 'signOut') {
      await world.until(auth.signOut());
      intention = 'out';
    } else if (open.length > 1) {
      tab.kill();
      open.splice(open.findIndex((other) => other.tab === tab), 1);
      posted.push(...tab.posted);
    }
  }

  async function signIn(client: AuthClient, bot: string): Promise<void> {
    const { faultOf } = world;
    world.faultOf = () => 'none';
    await scene.signIn(client, bot);
    world.faultOf = faultOf;
    intention = 'in';
  }

  for (let count = 0; count < tabs; count++) openTab();
  await signIn(open[0]!.auth, 'ember');
  for (const event of happenings) await happen(event);
  world.faultOf = () => 'none';
  world.latencyMs = 10;
  api.clearFaults();
  await world.advance(SETTLING_MS);
  return {
    scene,
    calls,
    clients: open.map(({ auth }) => auth),
    posted: [...posted, ...open.flatMap(({ tab }) => tab.posted)],
    shouldLive: intention === 'in',
    mayBeRejected: happenings.some((event) => canReject(event, lifetimeMs)),
    killed,
  };
}

// On a slow network a token can expire on its way.
function canReject(event: Happening, lifetimeMs: number): boolean {
  return event.kind === 'revoke' || event.kind === 'clock' || (event.kind === 'network' && event.latencyMs > lifetimeMs / 8);
}
