import { Tests } from './ObligationTable.tsx';
import type { ServerFailure } from './server-failures.ts';
import { Table } from './Table.tsx';

/** Failures, what the instances do, what the app answers, and the tests that show it. */
export function FailureTable({ of, caption }: { readonly of: readonly ServerFailure[]; readonly caption: string }) {
  return (
    <Table
      caption={caption}
      head={['failure', 'what happens', 'what the app answers', 'shown by']}
      rows={of.map(({ failure, happens, appSees, shownBy }) => [failure, happens, appSees, <Tests key={failure} of={shownBy} />])}
    />
  );
}
