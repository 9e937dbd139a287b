/** The result of one app. */
export interface Result {
  readonly app: string;
  /** The installed packages it was built with, as `name version`. */
  readonly versions: readonly string[];
  readonly seconds: Readonly<Record<Step, number>>;
  readonly passed: boolean;
}

export type Step = 'install' | 'build' | 'drive';

const HEAD = ['app', 'install', 'build', 'drive', 'result', 'with'];

/** Formats results as a table. A step that was not reached has taken no time. */
export function tableOf(results: readonly Result[]): string {
  const rows = [HEAD, ...results.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()).join('\n');
}

function rowOf({ app, versions, seconds, passed }: Result): string[] {
  const spent = (step: Step) => `${seconds[step].toFixed(1)} s`;
  return [app, spent('install'), spent('build'), spent('drive'), passed ? 'passed' : 'FAILED', versions.join(', ')];
}

/** Runs a step and stores how long it took, even if it fails. */
export async function timed<T>(seconds: Record<Step, number>, step: Step, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    seconds[step] = (performance.now() - start) / 1000;
  }
}
