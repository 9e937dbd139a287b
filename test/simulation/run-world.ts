import fc from 'fast-check';
import type { KnownGaps } from './known-gaps.ts';
import { storyOf, type Story } from './story.ts';
import { emptyTally, type Tally } from './tally.ts';
import { tell } from './tell.ts';
import { Violation } from './witness.ts';

/** How worlds are drawn. */
export interface WorldOptions {
  readonly gaps: KnownGaps;
  /** The most tabs a world starts with. */
  readonly tabs?: number;
  /** Leads straight to a shrunk story of the seed. */
  readonly path?: string;
  /** Whether a story that fails is looked through for a smaller one (true). */
  readonly shrinks?: boolean;
  /** Told what happens, line by line, in the story that was drawn or was led to. */
  readonly narrate?: (line: string) => void;
}

/** A breach, with what it takes to see it again. */
export interface Breach {
  readonly seed: number;
  readonly path: string;
  readonly message: string;
  /** The invariant's number; `null` when the world itself broke. */
  readonly number: number | null;
  readonly story: Story;
}

/** What came of one world. */
export interface WorldReport {
  readonly tally: Tally;
  readonly breach: Breach | null;
}

/** Draws a world by its seed, and tells it; a story that fails is shrunk. */
export async function runWorld(seed: number, { gaps, tabs, path = '', shrinks = true, narrate = () => undefined }: WorldOptions): Promise<WorldReport> {
  let tally: Tally | null = null;
  let tellings = 0;
  const property = fc.asyncProperty(storyOf(gaps, tabs), async (story) => {
    const told = await tell(story, gaps, tellings++ === 0 ? narrate : undefined);
    tally ??= told;
  });
  const result = await fc.check(property, { seed, numRuns: 1, endOnFailure: !shrinks, ...(path === '' ? {} : { path }) });
  const breach = result.failed ? breachOf(seed, result.counterexample?.[0], result.counterexamplePath, result.errorInstance) : null;
  return { tally: tally ?? { ...emptyTally(), worlds: 1 }, breach };
}

function breachOf(seed: number, story: Story | undefined, path: string | null, error: unknown): Breach {
  if (!story) throw new Error('no story was drawn', { cause: error });
  const message = error instanceof Violation ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { seed, path: path ?? '0', message, number: error instanceof Violation ? error.number : null, story };
}

/** The command that shows a breach again. */
export function replayCommand({ seed, path }: Breach, tabs: number | undefined, mended: readonly string[] = []): string {
  const more = [...(tabs === undefined ? [] : ['--tabs', tabs]), ...(mended.length === 0 ? [] : ['--mended', mended.join(',')])];
  return ['npm run simulate --', '--seed', seed, '--path', path, ...more].join(' ');
}

/** A story, a line for each thing that happens. */
export function storyText({ happenings, ...setting }: Story): string {
  return [JSON.stringify(setting), ...happenings.map((event) => `  ${JSON.stringify(event)}`)].join('\n');
}
