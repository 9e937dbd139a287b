import type { Outcome } from './tally.ts';
import type { Job } from './run-job.ts';

/** A row of the committed figures. */
export type Row = Pick<Job, 'policy' | 'scenario' | 'lifetimeMs'> & Pick<Outcome, 'mean' | 'peak' | 'overload' | 'drainS' | 'failedCalls' | 'lost'>;

/** The committed figures. */
export interface Committed {
  readonly browsers: number;
  readonly seed: number;
  readonly rows: readonly Row[];
}

interface Rule {
  readonly key: 'mean' | 'peak' | 'overload' | 'drainS' | 'failedCalls' | 'lost';
  /** Whether the figure grows with the number of browsers. */
  readonly scales: boolean;
  /** By which factor it may grow, because a smaller fleet has more noise. */
  readonly factor: number;
}

const RULES: readonly Rule[] = [
  { key: 'mean', scales: true, factor: 1.05 },
  { key: 'peak', scales: true, factor: 1.25 },
  { key: 'overload', scales: false, factor: 1.25 },
  { key: 'drainS', scales: false, factor: 1.25 },
  { key: 'failedCalls', scales: true, factor: 1.1 },
  { key: 'lost', scales: true, factor: 1 },
];

/**
 * Describes each figure that is worse than the committed one.
 *
 * @param browsers the size of the fleet of these rows
 */
export function compareFleets(committed: Committed, rows: readonly Row[], browsers: number): string[] {
  const scale = committed.browsers / browsers;
  return rows.flatMap((row) => {
    const place = `${row.scenario}, ${row.policy}, ${row.lifetimeMs / 60_000} min`;
    const before = committed.rows.find(({ policy, scenario, lifetimeMs }) => policy === row.policy && scenario === row.scenario && lifetimeMs === row.lifetimeMs);
    if (!before) return [`${place} has no committed figures: npm run simulate:fleet`];
    return RULES.flatMap(({ key, scales, factor }) => {
      const now = (row[key] ?? Infinity) * (scales ? scale : 1);
      const [then, isNever] = [before[key] ?? Infinity, before[key] === null];
      return isNever || now <= then * factor ? [] : [`${place}, ${key}: ${then} has become ${now}`];
    });
  });
}
