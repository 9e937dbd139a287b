/** What became of one app. */
export interface Result {
  readonly app: string;
  /** What it was built with, as installed: `name version`. */
  readonly versions: readonly string[];
  readonly seconds: Readonly<Record<Step, number>>;
  readonly passed: boolean;
}

export type Step = 'install' | 'build' | 'drive';

const HEAD = ['app', 'install', 'build', 'drive', 'result', 'with'];

/** A table of results; a step that was not reached took no time. */
export function tableOf(results: readonly Result[]): string {
  const rows = [HEAD, ...results.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()).join('\n');
}

function rowOf({ app, versions, seconds, passed }: Result): string[] {
  const spent = (step: Step) => `${seconds[step].toFixed(1)} s`;
  return [app, spent('install'), spent('build'), spent('drive'), passed ? 'passed' : 'FAILED', versions.join(', ')];
}

/** Runs a step and notes how long it took, be it in vain. */
export async function timed<T>(seconds: Record<Step, number>, step: Step, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    seconds[step] = (performance.now() - start) / 1000;
  }
}
