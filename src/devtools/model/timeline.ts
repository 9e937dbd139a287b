import type { EntryOf, LifeFacts, LogEntry, Source } from './log-entry.ts';

/** A span of time; `until` is `null` while it lasts. */
export interface Span {
  readonly entry: LogEntry;
  readonly from: number;
  readonly until: number | null;
}

/** An access token's life in one tab. */
export interface Life extends Span, LifeFacts {
  readonly source: Source;
  /** When the refresh is due and when the token expires; `null` if it has no known expiry. */
  readonly dueAt: number | null;
  readonly expiresAt: number | null;
}

/** A call and the times at which it was sent. */
export interface CallSpan extends Span {
  readonly method: string;
  readonly address: string;
  readonly sends: readonly number[];
  readonly isReplayed: boolean;
  /** A status or an error code; `null` while the call is pending. */
  readonly outcome: number | string | null;
  /** The row to draw it in, so that concurrent calls do not hide each other. */
  readonly row: number;
}

/** A refresh request. */
export interface RefreshSpan extends Span {
  readonly outcome: EntryOf<'refreshAnswered'>['outcome'] | null;
}

/** The timeline of one tab. */
export interface Lane {
  readonly tab: string;
  readonly lives: readonly Life[];
  /** While this tab held the refresh lock. */
  readonly locks: readonly Span[];
  /** From the start of a refresh to its end, including the wait for the lock. */
  readonly asked: readonly Span[];
  readonly refreshes: readonly RefreshSpan[];
  /** The backoff between a failure and the next attempt. */
  readonly waits: readonly Span[];
  readonly calls: readonly CallSpan[];
  /** Starts and ends of sessions, and the user's activity. */
  readonly marks: readonly LogEntry[];
}

/** Calls are drawn in at most this many rows. */
export const CALL_ROWS = 24;

/** Turns the log into a lane for each tab, in the order in which the tabs appear. */
export function lanesOf(log: readonly LogEntry[]): Lane[] {
  const byTab = new Map<string, LogEntry[]>();
  for (const entry of log) {
    const own = byTab.get(entry.tab);
    if (own) own.push(entry);
    else byTab.set(entry.tab, [entry]);
  }
  return [...byTab].map(([tab, entries]) => laneOf(tab, entries));
}

function laneOf(tab: string, entries: readonly LogEntry[]): Lane {
  return {
    tab,
    lives: livesOf(entries),
    locks: spans(entries, ['lockTaken'], ['lockReleased']),
    asked: spans(entries, ['refreshStarted'], ['tokensRenewed', 'refreshWaiting', 'refreshBlocked', 'sessionEnded', 'lockReleased']),
    refreshes: spans(entries, ['refreshSent'], ['refreshAnswered']).map((span) => ({ ...span, outcome: outcomeOf(span.closing) })),
    waits: spans(entries, ['refreshWaiting'], ['refreshStarted', 'tokensRenewed', 'sessionEnded', 'refreshWaiting', 'refreshBlocked']).map(toRetry),
    calls: packed(callsOf(entries)),
    marks: entries.filter(({ type }) => type === 'sessionStarted' || type === 'sessionEnded' || type === 'activityNoted'),
  };
}

type Closed = Span & { readonly closing: LogEntry | null };

/** Pairs each opening line with the next closing one. */
function spans(entries: readonly LogEntry[], opens: readonly LogEntry['type'][], closes: readonly LogEntry['type'][]): Closed[] {
  const found: Closed[] = [];
  for (const entry of entries) {
    const last = found.at(-1);
    if (last?.until === null && closes.includes(entry.type)) found[found.length - 1] = { ...last, until: entry.at, closing: entry };
    if (opens.includes(entry.type) && found.at(-1)?.until !== null) found.push({ entry, from: entry.at, until: null, closing: null });
  }
  return found;
}

function outcomeOf(closing: LogEntry | null): RefreshSpan['outcome'] {
  return closing?.type === 'refreshAnswered' ? closing.outcome : null;
}

function toRetry(span: Span): Span {
  return span.until === null && span.entry.type === 'refreshWaiting' ? { ...span, until: span.entry.retryAt } : span;
}

function livesOf(entries: readonly LogEntry[]): Life[] {
  return spans(entries, ['sessionStarted', 'tokensRenewed'], ['sessionStarted', 'tokensRenewed', 'sessionEnded']).flatMap(({ entry, until }) => {
    if (entry.type !== 'sessionStarted' && entry.type !== 'tokensRenewed') return [];
    const { sessionId, receivedAt, lifetimeMs, leadMs, source } = entry;
    const expiresAt = lifetimeMs === null ? null : receivedAt + lifetimeMs;
    const dueAt = expiresAt === null ? null : expiresAt - leadMs;
    return [{ entry, from: receivedAt, until, sessionId, receivedAt, lifetimeMs, leadMs, source, dueAt, expiresAt }];
  });
}

type Unpacked = Omit<CallSpan, 'row'>;

function callsOf(entries: readonly LogEntry[]): Unpacked[] {
  const calls = new Map<number, Unpacked>();
  for (const entry of entries) {
    if (!('call' in entry)) continue;
    const call = entry.type === 'callStarted' ? started(entry) : calls.get(entry.call);
    if (call) calls.set(entry.call, continued(call, entry));
  }
  return [...calls.values()];
}

function started(entry: EntryOf<'callStarted'>): Unpacked {
  const { method, address, at } = entry;
  return { entry, from: at, until: null, method, address, sends: [], isReplayed: false, outcome: null };
}

function continued(call: Unpacked, entry: LogEntry): Unpacked {
  if (entry.type === 'callSent') return { ...call, sends: [...call.sends, entry.at], isReplayed: entry.send > 1 };
  if (entry.type === 'callSettled') return { ...call, until: entry.at, outcome: entry.status };
  return entry.type === 'callFailed' ? { ...call, until: entry.at, outcome: entry.error } : call;
}

function packed(calls: readonly Unpacked[]): CallSpan[] {
  const freeFrom: number[] = [];
  return calls.map((call, index) => {
    const free = freeFrom.findIndex((from) => from <= call.from);
    const row = free >= 0 ? free : freeFrom.length < CALL_ROWS ? freeFrom.length : index % CALL_ROWS;
    freeFrom[row] = call.until ?? Infinity;
    return { ...call, row };
  });
}
