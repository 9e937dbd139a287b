export interface LabelProps {
  readonly at: readonly [x: number, y: number];
  readonly text: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly isBold?: boolean;
}

/** A word or two. */
export function Label({ at: [x, y], text, anchor = 'middle', isBold = false }: LabelProps) {
  return <text x={x} y={y} textAnchor={anchor} fontWeight={isBold ? 700 : 400} fill="currentColor" stroke="none">{text}</text>;
}
