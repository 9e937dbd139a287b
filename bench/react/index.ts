import type { Binding } from './binding.ts';
import type { BindingName } from './names.ts';

/** Loads the code of one binding only. */
export const LOADERS: Readonly<Record<BindingName, () => Promise<{ readonly binding: Binding }>>> = {
  'react-context': () => import('./react-context.tsx'),
  unexpired: () => import('./unexpired.tsx'),
  axa: () => import('./axa.tsx'),
  auth0: () => import('./auth0.tsx'),
  'react-oidc-context': () => import('./react-oidc-context.tsx'),
};
