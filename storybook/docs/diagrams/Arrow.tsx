export interface ArrowProps {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
  readonly isDashed?: boolean;
}

/** A straight arrow. */
export function Arrow({ from, to, isDashed = false }: ArrowProps) {
  const angle = (Math.atan2(to[1] - from[1], to[0] - from[0]) * 180) / Math.PI;
  return (
    <g>
      <path d={`M${from} L${to}`} strokeDasharray={isDashed ? '4 3' : undefined} />
      <path d="M0 0 L-8 -4 L-8 4 Z" fill="currentColor" stroke="none" transform={`translate(${to}) rotate(${angle})`} />
    </g>
  );
}
