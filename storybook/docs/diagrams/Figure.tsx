import type { ReactNode } from 'react';

export interface FigureProps {
  /** What a reader hears who does not see it. */
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly children: ReactNode;
}

/** A drawing in the colour of the text around it, so that it fits light and dark; the numbers in it are explained below it. */
export function Figure({ label, width, height, children }: FigureProps) {
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
      fill="none"
      stroke="currentColor"
      fontFamily="'Nunito Sans', system-ui, sans-serif"
      fontSize="12"
      style={{ display: 'block', width: '100%', maxWidth: width * 1.5, height: 'auto', margin: '24px auto' }}
    >
      {children}
    </svg>
  );
}
