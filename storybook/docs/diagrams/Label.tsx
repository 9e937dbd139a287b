export interface LabelProps {
  readonly at: readonly [x: number, y: number];
  readonly text: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly isBold?: boolean;
  /** Whether lines behind the text are covered. */
  readonly isOnLines?: boolean;
}

/** A short text in a drawing. */
export function Label({ at: [x, y], text, anchor = 'middle', isBold = false, isOnLines = false }: LabelProps) {
  const stroke = isOnLines ? 'var(--page)' : 'none';
  return <text x={x} y={y} textAnchor={anchor} fontWeight={isBold ? 700 : 400} fill="currentColor" stroke={stroke} strokeWidth="5" paintOrder="stroke">{text}</text>;
}
