import type { EntryOf, LifeFacts, LogEntry, Source } from './log-entry.ts';

/** A span of time that something took; `until` is `null` while it goes on. */
export interface Span {
  readonly entry: LogEntry;
  readonly from: number;
  readonly until: number | null;
}

/** An access token's life in one tab. */
export interface Life extends Span, LifeFacts {
  readonly source: Source;
  /** When the refresh is due, and when the token is expired; `null` when it has no known expiry. */
  readonly dueAt: number | null;
  readonly expiresAt: number | null;
}

/** A call, with the times it was sent. */
export interface CallSpan extends Span {
  readonly method: string;
  readonly address: string;
  readonly sends: readonly number[];
  readonly isReplayed: boolean;
  /** A status, or the code of an error; `null` while it is under way. */
  readonly outcome: number | string | null;
  /** Where to draw it, so that calls at the same time do not hide each other. */
  readonly row: number;
}

/** A refresh request. */
export interface RefreshSpan extends Span {
  readonly outcome: EntryOf<'refreshAnswered'>['outcome'] | null;
}

/** What one tab did. */
export interface Lane {
  readonly tab: string;
  readonly lives: readonly Life[];
  /** While it was this tab's turn to refresh. */
  readonly locks: readonly Span[];
  /** From asking for a refresh to its end, whoever does it. */
  readonly asked: readonly Span[];
  readonly refreshes: readonly RefreshSpan[];
  /** Between a failure and the next try. */
  readonly waits: readonly Span[];
  readonly calls: readonly CallSpan[];
  /** Sign-ins and ends. */
  readonly marks: readonly LogEntry[];
}

/** Calls are packed into this many rows at most. */
export const CALL_ROWS = 24;

/** Draws the log: a lane for each tab, in the order in which they appear. */
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
    marks: entries.filter((entry) => entry.type === 'sessionStarted' || entry.type === 'sessionEnded'),
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
