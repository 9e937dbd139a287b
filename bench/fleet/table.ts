import type { Job } from './run-job.ts';
import { SCENARIO_NAMES } from './scenario.ts';
import type { Outcome } from './tally.ts';

/** A job and its outcome. */
export interface Result {
  readonly job: Job;
  readonly outcome: Outcome;
}

type Column = readonly [title: string, text: (outcome: Outcome, job: Job) => string];

const COLUMNS: readonly Column[] = [
  ['life', (_outcome, { lifetimeMs }) => lifeText(lifetimeMs)],
  ['policy', (_outcome, { policy }) => policy],
  ['mean/s', ({ mean }) => number(mean)],
  ['peak/s', ({ peak }) => number(peak)],
  ['peak/mean', ({ peakToMean }) => number(peakToMean)],
];

const OUTAGE_COLUMNS: readonly Column[] = [
  ['capacity/s', (_outcome, { ordinaryPeak }) => number(ordinaryPeak)],
  ['overload', ({ overload }) => (overload === null ? '' : number(overload))],
  ['drained', ({ drainS }) => (drainS === null ? 'never' : `${drainS} s`)],
];

const LAST_COLUMNS: readonly Column[] = [
  ['failed calls', ({ failedCalls }) => number(failedCalls)],
  ['lost', ({ lost }) => number(lost)],
];

/** Formats one table per scenario. */
export function tablesOf(results: readonly Result[]): string {
  return SCENARIO_NAMES.flatMap((name) => {
    const rows = results.filter(({ job }) => job.scenario === name).sort((a, b) => a.job.lifetimeMs - b.job.lifetimeMs);
    const columns = [...COLUMNS, ...(name.startsWith('outage') ? OUTAGE_COLUMNS : []), ...LAST_COLUMNS];
    return rows.length === 0 ? [] : [`${name}\n${tableOf(columns, rows)}\n`];
  }).join('\n');
}

function tableOf(columns: readonly Column[], rows: readonly Result[]): string {
  const texts = [columns.map(([title]) => title), ...rows.map(({ job, outcome }) => columns.map(([, text]) => text(outcome, job)))];
  const widths = columns.map((_column, index) => Math.max(...texts.map((row) => row[index]!.length)));
  return texts.map((row) => row.map((text, index) => (index === 1 ? text.padEnd(widths[index]!) : text.padStart(widths[index]!))).join('  ')).join('\n');
}

export function lifeText(lifetimeMs: number): string {
  return lifetimeMs < 3_600_000 ? `${lifetimeMs / 60_000} min` : `${lifetimeMs / 3_600_000} h`;
}

/** Formats small numbers with two decimals and large ones with none. */
function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
}
