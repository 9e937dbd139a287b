import type { ReactNode } from 'react';
import { useTheme } from 'storybook/theming';

export interface FigureProps {
  /** The text alternative, read by a screen reader. */
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly children: ReactNode;
}

/** A drawing in the colour of the page's text, so that it fits the light and the dark theme. The list below it explains its numbers. */
export function Figure({ label, width, height, children }: FigureProps) {
  const { background, color, typography } = useTheme();
  const style = { '--page': background.content, color: color.defaultText, maxWidth: width * 1.35 };
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
      fill="none"
      stroke="currentColor"
      fontFamily={typography.fonts.base}
      fontSize="14"
      style={{ ...style, display: 'block', width: '100%', height: 'auto', margin: '24px auto' }}
    >
      {children}
    </svg>
  );
}
