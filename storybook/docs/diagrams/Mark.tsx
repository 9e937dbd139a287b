export interface MarkProps {
  readonly at: readonly [x: number, y: number];
  readonly number: number;
}

const ORANGE = '#b8501a'; // Readable with white digits on it, and visible on a black page.

/** A number in a disc. The list below the drawing explains it. */
export function Mark({ at: [x, y], number }: MarkProps) {
  return (
    <g stroke="none">
      <circle cx={x} cy={y} r="9" fill={ORANGE} />
      <text x={x} y={y + 4} fill="#fff" fontSize="11" fontWeight="700" textAnchor="middle">{number}</text>
    </g>
  );
}
