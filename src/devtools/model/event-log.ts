import type { LogEntry } from './log-entry.ts';

/** The oldest lines are dropped above this number. */
const LOG_LIMIT = 5000;

/** Adds lines of any tab in the order of time. A line that the log has already is not added again. */
export function addToLog(log: readonly LogEntry[], added: readonly LogEntry[], limit = LOG_LIMIT): readonly LogEntry[] {
  const known = new Set(log.map(keyOf));
  const fresh = added.filter((entry) => !known.has(keyOf(entry)));
  if (fresh.length === 0) return log;
  return [...log, ...fresh].sort((a, b) => a.at - b.at || (a.tab === b.tab ? a.line - b.line : 0)).slice(-limit);
}

/** Identifies a line among those of all tabs. */
export function keyOf({ tab, line }: LogEntry): string {
  return `${tab}:${line}`;
}

/** Reads the lines of another tab's message, and drops invalid lines. */
export function readEntries(message: unknown): LogEntry[] {
  return Array.isArray(message) ? message.filter(isEntry) : [];
}

function isEntry(value: unknown): value is LogEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { tab, line, at, type } = value as Partial<Record<keyof LogEntry, unknown>>;
  return typeof tab === 'string' && Number.isSafeInteger(line) && Number.isFinite(at) && typeof type === 'string';
}
