import { Source } from '@storybook/addon-docs/blocks';
import { useTheme } from 'storybook/theming';

export interface TestedCodeProps {
  /** The text of the file, imported with `?raw`. */
  readonly of: string;
  /** Its path in the repository, or the name that a reader gives it, shown above it. */
  readonly file: string;
}

/** A file that the tests run, shown unchanged. */
export function TestedCode({ of, file }: TestedCodeProps) {
  return (
    <>
      <div className="file-name">{file}</div>
      <Source code={of} language="tsx" dark={useTheme().base === 'dark'} />
    </>
  );
}
