import type { LogEntry } from '../../../src/devtools/model/log-entry.ts';

type Line = Parameters<typeof Object.assign>[1] & { readonly at: number; readonly type: LogEntry['type'] };

/** Numbers the log lines of one tab. */
export function linesOf(tab: string, lines: readonly Line[]): LogEntry[] {
  return lines.map((line, index) => ({ ...line, tab, line: index + 1 }) as LogEntry);
}
