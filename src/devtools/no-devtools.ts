import type { AuthDevtoolsProps } from './AuthDevtools.tsx';

export type { AuthDevtoolsProps };

/** What a production build gets in the place of the devtools. */
export function AuthDevtools(_props: AuthDevtoolsProps): null {
  return null;
}
