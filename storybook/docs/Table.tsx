import type { ReactNode } from 'react';

export interface TableProps {
  readonly caption: string;
  readonly head: readonly string[];
  /** Texts may have code in backticks, as in Markdown. */
  readonly rows: readonly (readonly ReactNode[])[];
}

/** A table that can be scrolled where it is too wide; MDX has none of its own here. */
export function Table({ caption, head, rows }: TableProps) {
  return (
    <div style={{ overflowX: 'auto', margin: '16px 0' }} tabIndex={0} role="region" aria-label={caption}>
      <table style={{ minWidth: 520, margin: 0 }}>
        <thead>
          <tr>{head.map((name) => <th key={name} scope="col" style={{ textAlign: 'left' }}>{name}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row} style={{ verticalAlign: 'top' }}>
              {cells.map((cell, column) => <td key={column}>{typeof cell === 'string' ? withCode(cell) : cell}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function withCode(text: string): ReactNode {
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
