import type { Evidence, Obligation, Requirement } from './obligations.ts';
import type { SignInCheck } from './sign-in-checks.ts';
import { Table } from './Table.tsx';

/** Obligations of the API's document, how each is met, and the tests that show it. */
export function ObligationTable({ of, caption }: { readonly of: readonly Obligation[]; readonly caption: string }) {
  return (
    <Table
      caption={caption}
      head={['obligation', 'how it is met', 'shown by']}
      rows={of.map(({ duty, met, shownBy }) => [duty, met, <Tests key={duty} of={shownBy} />])}
    />
  );
}

/** Requirements of RFC 10017, what there is today, and the tests that show it. */
export function RequirementTable({ of, caption }: { readonly of: readonly Requirement[]; readonly caption: string }) {
  return (
    <Table
      caption={caption}
      head={['section', 'requirement', 'today', 'shown by']}
      rows={of.map(({ section, requirement, met, shownBy }) => [section, requirement, met, shownBy === 'not yet' ? '**not yet**' : <Tests key={requirement} of={shownBy} />])}
    />
  );
}

/** Checks of a sign-in, what happens, and the tests that show it. */
export function SignInCheckTable({ of, caption }: { readonly of: readonly SignInCheck[]; readonly caption: string }) {
  return (
    <Table
      caption={caption}
      head={['name', 'what is tried', 'what happens', 'shown by']}
      rows={of.map(({ name, checks, outcome, shownBy }) => [name, checks, outcome, shownBy === 'not yet' ? '–' : <Tests key={name} of={shownBy} />])}
    />
  );
}

/** Tests, by claim and file. */
export function Tests({ of }: { readonly of: readonly Evidence[] }) {
  return of.map(({ claim, file }) => (
    <span key={claim} style={{ display: 'block', marginBottom: 8 }}>
      <code>{claim}</code> in <code>{file.replace('test/', '')}</code>
    </span>
  ));
}
