import { Hono, type Context } from 'hono';
import { cors } from 'hono/cors';
import type { BonfireApi, EndCode } from 'unexpired/testing';
import { runsOf, type CallRun } from './call-run.ts';
import { createSummaries, type CallSummary } from './call-summary.ts';
import { createFaultPlan, type PlannedFault } from './planned-fault.ts';

/** The API's state as the page shows it. */
export interface ControlState {
  readonly settings: { readonly accessTokenLifetimeMs: number | null; readonly latencyMs: number; readonly rotateRefreshTokens: boolean };
  readonly counts: BonfireApi['counts'];
  readonly liveSessions: number;
  readonly faults: readonly PlannedFault[];
  /** The last requests, newest last. */
  readonly runs: readonly CallRun[];
  /** All requests, newest last; empty unless asked for with `?calls=all`. */
  readonly calls: readonly CallSummary[];
}

const SHOWN_RUNS = 10;

/** Creates the routes below a path that change how the API behaves. Their answers contain no part of a token. */
export function createControl(api: BonfireApi, path: string): Hono {
  const faults = createFaultPlan(api);
  const summarise = createSummaries();
  const app = new Hono().basePath(path);
  app.use(cors({ origin: (origin) => (isLocal(origin) ? origin : null) }));
  app.get('/state', (context) => {
    const { settings, counts, sessions } = api;
    const calls = summarise(api.calls);
    const latencyMs = typeof settings.latencyMs === 'number' ? settings.latencyMs : 0;
    return context.json<ControlState>({
      settings: { accessTokenLifetimeMs: settings.accessTokenLifetimeMs, latencyMs, rotateRefreshTokens: settings.rotateRefreshTokens },
      counts,
      liveSessions: sessions.filter(({ alive }) => alive).length,
      faults: faults.list(),
      runs: runsOf(calls).slice(-SHOWN_RUNS),
      calls: context.req.query('calls') === 'all' ? calls : [],
    });
  });
  app.post('/settings', change((fields) => api.configure(fields)));
  app.post('/revoke', change(() => void api.revokeAccessTokens()));
  app.post('/end', change(({ botId, code }) => void api.endSession(typeof botId === 'string' ? { botId } : {}, endCode(code))));
  app.post('/faults', change(({ kind, endpoint, times }) => faults.plan({ kind, endpoint, times })));
  app.post('/faults/clear', change(() => faults.clear()));
  return app;
}

type Fields = Readonly<Record<string, unknown>>;

/** Creates a route that accepts JSON only, because other sites can post other types without a CORS preflight. */
export function change(apply: (fields: Fields) => void) {
  return async (context: Context) => {
    if (!/^application\/json\b/.test(context.req.header('Content-Type') ?? '')) return context.json({ message: 'Send the fields as application/json.' }, 415);
    try {
      apply(await context.req.json<Fields>());
      return context.json({ done: true });
    } catch (error) {
      return context.json({ message: error instanceof Error ? error.message : 'The change failed.' }, 400);
    }
  };
}

function endCode(code: unknown): EndCode {
  if (code === 451 || code === 460 || code === 800 || code === 810) return code;
  throw new RangeError('`code` must be 451, 460, 800 or 810.');
}

function isLocal(origin: string): boolean {
  return URL.canParse(origin) && ['127.0.0.1', 'localhost'].includes(new URL(origin).hostname);
}
