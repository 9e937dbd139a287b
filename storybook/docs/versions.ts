/** A package that the tests run with. */
export interface TestedVersion {
  readonly kind: 'OAuth 2.0 server' | 'sign-in' | 'HTTP client' | 'framework' | 'on a server' | 'full-stack framework';
  readonly name: string;
  /** Several if the tests run with each of them. */
  readonly versions: readonly string[];
}

/** The versions that the tests install; tests compare this list with what is pinned. */
export const TESTED_VERSIONS: readonly TestedVersion[] = [
  { kind: 'OAuth 2.0 server', name: 'oidc-provider', versions: ['9.13.3'] },
  { kind: 'OAuth 2.0 server', name: '@node-oauth/oauth2-server', versions: ['5.3.0'] },
  { kind: 'sign-in', name: 'oauth4webapi', versions: ['3.8.8'] },
  { kind: 'HTTP client', name: 'ky', versions: ['1.14.3'] },
  { kind: 'HTTP client', name: 'axios', versions: ['1.21.1'] },
  { kind: 'HTTP client', name: 'ofetch', versions: ['1.5.1'] },
  { kind: 'HTTP client', name: 'openapi-fetch', versions: ['0.17.0'] },
  { kind: 'HTTP client', name: 'hono', versions: ['4.13.19'] },
  { kind: 'HTTP client', name: 'graphql-request', versions: ['7.4.0'] },
  { kind: 'HTTP client', name: '@apollo/client', versions: ['4.3.8'] },
  { kind: 'HTTP client', name: '@urql/core', versions: ['6.0.3'] },
  { kind: 'HTTP client', name: '@trpc/client', versions: ['11.25.2'] },
  { kind: 'HTTP client', name: 'eventsource', versions: ['4.1.1'] },
  { kind: 'HTTP client', name: 'ws', versions: ['8.23.0'] },
  { kind: 'framework', name: 'react', versions: ['18.2.0', '19.3.1'] },
  { kind: 'framework', name: 'vite', versions: ['8.3.8'] },
  { kind: 'framework', name: 'babel-plugin-react-compiler', versions: ['1.0.0'] },
  { kind: 'framework', name: '@tanstack/react-query', versions: ['5.108.0'] },
  { kind: 'framework', name: 'react-router', versions: ['7.18.5'] },
  { kind: 'framework', name: '@tanstack/react-router', versions: ['1.170.46'] },
  { kind: 'framework', name: 'next', versions: ['16.4.6'] },
  { kind: 'full-stack framework', name: '@react-router/serve', versions: ['7.18.4'] },
  { kind: 'full-stack framework', name: '@tanstack/react-start', versions: ['1.169.5'] },
  { kind: 'on a server', name: 'hono', versions: ['4.13.19'] },
  { kind: 'on a server', name: 'express', versions: ['5.3.0'] },
  { kind: 'on a server', name: '@hono/node-server', versions: ['2.1.8'] },
  { kind: 'on a server', name: 'redis', versions: ['6.3.1'] },
];
