import { createHash } from 'node:crypto';
import { AuthError, type ServerSession } from 'unexpired/server';
import { factsOf } from './authorization-server.ts';
import type { DataCentre } from './data-centre.ts';
import type { Call, Intent, Login } from './history.ts';
import type { Instance } from './instance.ts';
import { textOf, type InstanceMonitor } from './monitor.ts';
import type { RequestKind, User } from './scenario.ts';

/** The requests of the browsers. */
export interface Requests {
  /** Sends a request that carries the cookie of a login. Resolves when it has settled. */
  readonly call: (instance: Instance, login: Login, does: RequestKind, abortMs: number | null) => Promise<void>;
  readonly signIn: (instance: Instance, browser: number, user: User) => Promise<void>;
  readonly signOut: (instance: Instance, login: Login) => Promise<void>;
  readonly endAll: (instance: Instance, user: User) => Promise<void>;
  /** The login of a browser, or the one before; `null` if it has none. */
  readonly loginOf: (browser: number, isFormer: boolean) => Login | null;
}

const OVER: readonly string[] = ['signed_out', 'session_ended', 'session_changed'];
const LATER: readonly string[] = ['refresh_unavailable', 'storage_unavailable'];

const requestWith = ({ setCookie }: Login) => ({ headers: new Headers({ cookie: setCookie.split(';')[0] ?? '' }) });

/** Creates the browsers of a world. */
export function createRequests(centre: DataCentre, monitor: InstanceMonitor): Requests {
  const { world, server, history, counts } = centre;
  const jars = new Map<number, Login[]>();

  function settle(call: Call, outcome: Call['outcome'], detail: string): void {
    Object.assign(call, { outcome, detail, settledAt: world.now() });
    monitor.checkOutcome(call);
  }

  /** Does what a request does with its session. Resolves to the API's status, and to the session that has answered. */
  async function serve(session: ServerSession, { does, path }: Call, signal: AbortSignal): Promise<{ readonly status: number; readonly sid: number | null }> {
    if (does === 'snapshot') {
      monitor.checkText(JSON.stringify(session.snapshot()));
      return { status: session.snapshot().status === 'signedIn' ? 204 : 401, sid: null };
    }
    if (does === 'token') {
      const token = await session.getAccessToken({ signal });
      monitor.checkToken(token);
      return { status: 200, sid: factsOf(token).sid };
    }
    const response = await session.fetch(path, does === 'write' ? { method: 'POST', body: '{}', signal } : { signal });
    const body = (await response.json()) as { readonly sid?: number };
    return { status: response.status, sid: body.sid ?? null };
  }

  async function call(instance: Instance, login: Login, does: RequestKind, abortMs: number | null): Promise<void> {
    const made: Call = { path: `/posts?call=${history.calls.length}`, login, instance, does, at: world.now(), sends: [], outcome: 'pending', settledAt: null, detail: '', endReason: null };
    history.calls.push(made);
    counts.calls++;
    const controller = new AbortController();
    if (abortMs !== null) instance.process.setTimer(() => controller.abort(), abortMs);
    try {
      const { status, sid } = await serve(await instance.sessions.of(requestWith(login)), made, controller.signal);
      if (sid !== null && sid !== login.sid) monitor.report(5, `${made.path} of session ${login.sid} is answered with session ${sid}`);
      settle(made, status < 300 ? 'answered' : does === 'snapshot' && status === 401 ? 'over' : 'failed', String(status));
    } catch (error) {
      monitor.checkText(textOf(error));
      if (AuthError.is(error)) made.endReason = error.endReason ?? null;
      const code = AuthError.is(error) ? error.code : String((error as Error | null)?.name);
      settle(made, OVER.includes(code) ? 'over' : LATER.includes(code) ? 'later' : 'failed', code);
    }
  }

  /** Runs an act that ends sessions, and takes note of when it has resolved. */
  async function end(kind: Intent['kind'], instance: Instance, ends: readonly Login[], user: User | null, act: () => Promise<unknown>): Promise<void> {
    const intent: Intent = { kind, ends, user, instance, at: world.now(), isSettled: false, resolvedAt: null };
    history.intents.push(intent);
    const { warnings } = instance.tab;
    const warned = warnings.length;
    try {
      await act();
      // A sign-in goes on if the store cannot show the former session, and says so.
      if (!warnings.slice(warned).some((text) => text.includes('could not end the former session'))) intent.resolvedAt = world.now();
      history.trace(`${kind} of ${ends.map(({ sid }) => sid).join(', ')} has resolved`);
    } catch (error) {
      monitor.checkText(textOf(error));
      history.trace(`${kind} of ${ends.map(({ sid }) => sid).join(', ')} has failed (${AuthError.is(error) ? error.code : String(error)})`);
    }
    intent.isSettled = true;
  }

  async function signIn(instance: Instance, browser: number, user: User): Promise<void> {
    const former = jars.get(browser)?.[0] ?? null;
    const tokens = server.grant(user);
    const { sid } = factsOf(tokens.accessToken);
    const beganAt = world.now();
    await end('signIn', instance, former ? [former] : [], null, async () => {
      const { setCookie } = await instance.sessions.signIn(tokens, former ? requestWith(former) : undefined);
      monitor.checkText(setCookie.replace(/=[\w-]{43};/, '='));
      const [, id = ''] = /=([\w-]{43});/.exec(setCookie) ?? [];
      const key = createHash('sha256').update(id).digest('base64url');
      const login: Login = { user, sid, setCookie, id, key, beganAt, at: world.now() };
      history.logins.push(login);
      jars.set(browser, [login, ...(jars.get(browser) ?? [])]);
    });
  }

  return {
    call,
    signIn,
    async signOut(instance, login) {
      await end('signOut', instance, [login], null, async () => (await instance.sessions.of(requestWith(login))).signOut());
    },
    async endAll(instance, user) {
      await end('endAll', instance, history.logins.filter((login) => login.user === user), user, () => instance.sessions.endAll(user));
    },
    loginOf: (browser, isFormer) => jars.get(browser)?.[isFormer ? 1 : 0] ?? null,
  };
}
