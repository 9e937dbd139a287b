import { bundleForNode } from './run-in-node.ts';
import type { Setup } from './setup.ts';
import { median, middleHalf, type Table } from './table.ts';

/** Measures what a proof adds to a call, in Node. */
export async function measureDpop({ choose }: Setup, rounds: number): Promise<Table[]> {
  if (choose(['unexpired']).length === 0) return [];
  const script = await bundleForNode('../page/dpop.ts');
  const times = (await script.run([String(rounds)]).finally(script.remove)) as Readonly<Record<'bearer' | 'bound', readonly number[]>>;
  const row = (peer: string, title: string, of: readonly number[]) => ({ peer, title, cells: { us: median(of), spread: middleHalf(of, 0), ratio: median(of) / median(times.bearer) } });
  return [{
    id: 'dpop',
    title: `A call that is bound to a key, in Node ${process.versions.node}`,
    note: `µs per call on a \`fetch\` that answers at once; ${rounds} interleaved rounds. A proof is one signature (ES256), one digest, and a copy of the headers.`,
    columns: [
      { key: 'us', title: 'µs', digits: 0 },
      { key: 'spread', title: 'middle half' },
      { key: 'ratio', title: '× bearer', digits: 2, tolerance: 1.3 },
    ],
    rows: [row('unexpired, bearer', '**unexpired**, bearer token', times.bearer), row('unexpired, bound', '**unexpired**, with `dpop()`', times.bound)],
  }];
}
