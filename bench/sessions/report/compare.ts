import type { Results } from './results.ts';

/** Whether a cell is worse than the committed one. */
type Rule = (now: string, before: string) => boolean;

/** The figures that are compared, by column. The others depend on the load of the machine. */
const RULES: Readonly<Record<string, Rule>> = {
  'burst-1': isBurstWorse,
  'burst-cold': isBurstWorse,
  'burst-4': isBurstWorse,
  'burst-8': isBurstWorse,
  'burst-revoked': isBurstWorse,
  'sign-out': isOutcomeWorse,
  'outage-good': isOutcomeWorse,
  'outage-expired': isOutcomeWorse,
  'lost-answer': isOutcomeWorse,
  'late-answer': isOutcomeWorse,
  cookie: isMore,
  'cost-trips': isMore,
  'proxy-trips': isMore,
  'store-0': isLarger,
};

/** How much larger the memory of 10,000 sessions may be, and how much the heap of a process differs from run to run, MB. */
const LARGER = 1.1;
const HEAP_NOISE_MB = 3;

/** Describes each figure of the fresh results that is worse than the committed one. */
export function compare(committed: Results, fresh: Results): string[] {
  return Object.entries(fresh).flatMap(([peer, parts]) =>
    Object.entries(parts).flatMap(([part, { cells }]) => {
      const before = committed[peer]?.[part as keyof typeof parts]?.cells;
      if (!before) return [`${part}, ${peer} has no committed figures: npm run bench:server`];
      return Object.entries(cells)
        .filter(([key, now]) => RULES[key]?.(now, before[key] ?? ''))
        .map(([key, now]) => `${part}, ${peer}, ${key}: ${before[key]} has become ${now}`);
    }),
  );
}

/** Compares `refreshes / reuses / answered / sessions that live`. */
function isBurstWorse(now: string, before: string): boolean {
  const [refreshes = '', reuses = '', answered = '', lives = ''] = now.split(' / ');
  const [refreshesBefore = '', reusesBefore = '', answeredBefore = '', livesBefore = ''] = before.split(' / ');
  return highest(refreshes) > highest(refreshesBefore) || highest(reuses) > highest(reusesBefore) || share(answered) < share(answeredBefore) || share(lives) < share(livesBefore);
}

/** Compares outcomes such as `stays out 3 of 3`. */
function isOutcomeWorse(now: string, before: string): boolean {
  const rounds = /\d+ of \d+$/;
  return now.replace(rounds, '') !== before.replace(rounds, '') || share(now) < share(before);
}

/** Compares numbers such as `1` and `58 B`. */
function isMore(now: string, before: string): boolean {
  return !(highest(now) <= highest(before));
}

/** Compares the memory of each place in `Redis 24.2 MB, process 0.6 MB`. */
function isLarger(now: string, before: string): boolean {
  const places = (cell: string) => new Map([...cell.matchAll(/(\w+) ([\d.]+) MB/g)].map(([, place = '', megabytes]) => [place, Number(megabytes)]));
  const known = places(before);
  return [...places(now)].some(([place, megabytes]) => megabytes > (known.get(place) ?? 0) * LARGER + (place === 'process' ? HEAP_NOISE_MB : 0));
}

/** The number in a text, or the higher one of a range. */
function highest(text: string): number {
  return Math.max(...[...text.matchAll(/[\d.]+/g)].map(([number]) => Number(number)));
}

/** The lowest share in `19–20 of 20`. */
function share(text: string): number {
  const [, low, whole] = /(\d+)(?:–\d+)? of (\d+)$/.exec(text) ?? [];
  return Number(low) / Number(whole);
}
