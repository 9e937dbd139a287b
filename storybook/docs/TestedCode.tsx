import { Source } from '@storybook/addon-docs/blocks';
import { useTheme } from 'storybook/theming';

/** A file that the tests run, shown unchanged (imported with `?raw`). */
export function TestedCode({ of }: { readonly of: string }) {
  return <Source code={of} language="tsx" dark={useTheme().base === 'dark'} />;
}
