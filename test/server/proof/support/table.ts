import type { Verdict } from './judge.ts';

/** A trial, and what the judge found. */
export interface Row {
  readonly store: string;
  readonly fault: string;
  readonly verdict: Verdict;
}

const HEADS = ['store', 'fault', 'sessions', 'signed out', 'refreshes', 'reuses', 'sessions lost', 'sessions that the log ended', 'calls: 200 / 503 / no answer'];

/** Writes the verdicts as a table in Markdown. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ store, fault, verdict }) => {
    const { sessions, signedOut, refreshes, reuses, lost, ended, answers } = verdict;
    return [store, fault, sessions, signedOut, refreshes, withCauses(reuses), withCauses(lost), ended, ['200', '503', '0'].map((status) => answers[status] ?? 0).join(' / ')];
  });
  return [HEADS, HEADS.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function withCauses(counts: Readonly<Record<string, number>>): string {
  const sum = Object.values(counts).reduce((total, count) => total + count, 0);
  const causes = Object.entries(counts).map(([cause, count]) => `${count} × ${cause}`);
  return sum === 0 ? '0' : `${sum} (${causes.join(', ')})`;
}
