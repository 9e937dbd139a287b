import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { realDay } from '../clock.ts';
import { cpus, loadavg, release, totalmem, type as osType } from 'node:os';

/** What was measured of one peer in one run. */
export interface Part {
  /** The day. */
  readonly takenAt: string;
  readonly machine: string;
  /** The load of the machine when the part was taken: processes that want a core, on the average of a minute. */
  readonly load: number;
  readonly rounds: number;
  readonly cells: Readonly<Record<string, string>>;
}

export const PARTS = ['bursts', 'faults', 'cost', 'proxy', 'stores'] as const;
export type PartName = (typeof PARTS)[number];

/** The committed figures: the parts of each peer. */
export type Results = Record<string, Partial<Record<PartName, Part>>>;

export function partOf(cells: Part['cells'], rounds: number, versions: string): Part {
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${osType()} ${release().split('-')[0]}, Node ${process.versions.node}, ${versions}`;
  return { takenAt: realDay(), machine, load: Math.round((loadavg()[0] ?? 0) * 10) / 10, rounds, cells };
}

export async function readResults(file: string): Promise<Results> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Results;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

export async function writeResults(file: string, results: Results): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(results, null, 1)}\n`);
}
