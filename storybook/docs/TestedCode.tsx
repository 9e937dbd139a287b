import { Source } from '@storybook/addon-docs/blocks';
import { useTheme } from 'storybook/theming';

/** A file of the tests, shown as it is (imported with `?raw`). */
export function TestedCode({ of }: { readonly of: string }) {
  return <Source code={of} language="tsx" dark={useTheme().base === 'dark'} />;
}
