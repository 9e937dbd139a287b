/** The React bindings, by the name of their file. */
export const BINDING_TITLES = {
  'react-context': 'hand-written context',
  unexpired: '**unexpired**',
  axa: '@axa-fr/react-oidc',
  auth0: '@auth0/auth0-react',
  'react-oidc-context': 'react-oidc-context',
} as const;

export type BindingName = keyof typeof BINDING_TITLES;
