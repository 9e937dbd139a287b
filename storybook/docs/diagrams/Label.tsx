export interface LabelProps {
  readonly at: readonly [x: number, y: number];
  readonly text: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly isBold?: boolean;
  /** Whether what it is written over gives way to it. */
  readonly isOnLines?: boolean;
}

/** A word or two. */
export function Label({ at: [x, y], text, anchor = 'middle', isBold = false, isOnLines = false }: LabelProps) {
  const stroke = isOnLines ? 'var(--page)' : 'none';
  return <text x={x} y={y} textAnchor={anchor} fontWeight={isBold ? 700 : 400} fill="currentColor" stroke={stroke} strokeWidth="5" paintOrder="stroke">{text}</text>;
}
