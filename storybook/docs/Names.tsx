import { API_TABLE, type Entry } from './api-table.ts';
import { Table } from './Table.tsx';

/** The public names of one entry of the package. */
export function Names({ of }: { readonly of: Entry }) {
  return <Table caption={`The names of ${of}`} head={['name', 'what it is']} rows={API_TABLE[of]} />;
}
