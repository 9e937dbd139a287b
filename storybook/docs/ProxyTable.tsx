import { Tests } from './ObligationTable.tsx';
import type { ProxyRule } from './proxy-table.ts';
import { Table } from './Table.tsx';

/** What the proxy does with each part of a request or an answer, and the tests that show it. */
export function ProxyTable({ of, caption, head }: { readonly of: readonly ProxyRule[]; readonly caption: string; readonly head: readonly [string, string] }) {
  return <Table caption={caption} head={[...head, 'shown by']} rows={of.map(({ part, happens, shownBy }) => [part, happens, <Tests key={part} of={shownBy} />])} />;
}
