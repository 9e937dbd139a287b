import type { AuthDevtoolsProps } from './AuthDevtools.tsx';

export type { AuthDevtoolsProps };

/** Replaces the devtools in a production build. */
export function AuthDevtools(_props: AuthDevtoolsProps): null {
  return null;
}
