import type { Evidence, Obligation } from './obligations.ts';
import { Table } from './Table.tsx';

/** Obligations, how each is met, and the tests that show it. */
export function ObligationTable({ of, caption }: { readonly of: readonly Obligation[]; readonly caption: string }) {
  return (
    <Table
      caption={caption}
      head={['obligation', 'how it is met', 'which test shows it']}
      rows={of.map(({ duty, met, shownBy }) => [duty, met, <Tests key={duty} of={shownBy} />])}
    />
  );
}

function Tests({ of }: { readonly of: readonly Evidence[] }) {
  return of.map(({ claim, file }) => (
    <span key={claim} style={{ display: 'block', marginBottom: 8 }}>
      <code>{file.replace('test/', '')}#{claim}</code>
    </span>
  ));
}
