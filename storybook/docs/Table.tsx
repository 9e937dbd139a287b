import type { ReactNode } from 'react';
import './table.css';

export interface TableProps {
  readonly caption: string;
  readonly head: readonly string[];
  /** A text may contain `code` and **bold** as in Markdown. */
  readonly rows: readonly (readonly ReactNode[])[];
}

/** A table that fits a phone. MDX has no tables here. */
export function Table({ caption, head, rows }: TableProps) {
  return (
    <div className="facts">
      <table aria-label={caption}>
        <thead>
          <tr>{head.map((name) => <th key={name} scope="col">{name}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, column) => (
                <td key={column} data-column={head[column]}>{typeof cell === 'string' ? withMarks(cell) : cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function withMarks(text: string): ReactNode {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part, index) => {
    if (part.startsWith('`')) return <code key={index}>{part.slice(1, -1)}</code>;
    return part.startsWith('**') ? <strong key={index}>{part.slice(2, -2)}</strong> : part;
  });
}
