// Types of packages that the migration pages import and that are not installed here.

declare module 'axios-auth-refresh' {
  import type { AxiosInstance } from 'axios';
  export function createAuthRefresh(instance: AxiosInstance, refresh: (failed: unknown) => Promise<unknown>): number;
}

declare module 'react-oidc-context' {
  import type { ReactNode } from 'react';
  interface Settings {
    readonly authority: string;
    readonly client_id: string;
    readonly redirect_uri: string;
    readonly scope?: string;
    readonly children?: ReactNode;
  }
  interface Auth {
    readonly isLoading: boolean;
    readonly isAuthenticated: boolean;
    readonly user?: { readonly access_token: string } | null | undefined;
    readonly signinRedirect: () => Promise<void>;
  }
  export function AuthProvider(settings: Settings): ReactNode;
  export function useAuth(): Auth;
}

declare module '@auth0/auth0-react' {
  import type { ReactNode } from 'react';
  interface Options {
    readonly domain: string;
    readonly clientId: string;
    readonly useRefreshTokens?: boolean;
    readonly cacheLocation?: 'memory' | 'localstorage';
    readonly authorizationParams?: { readonly redirect_uri?: string; readonly audience?: string };
    readonly children?: ReactNode;
  }
  interface Auth0 {
    readonly isLoading: boolean;
    readonly isAuthenticated: boolean;
    readonly loginWithRedirect: () => Promise<void>;
    readonly getAccessTokenSilently: () => Promise<string>;
  }
  export function Auth0Provider(options: Options): ReactNode;
  export function useAuth0(): Auth0;
}

declare module 'next-auth/react' {
  import type { ReactNode } from 'react';
  interface Session {
    readonly data: { readonly accessToken?: string } | null;
    readonly status: 'loading' | 'authenticated' | 'unauthenticated';
  }
  export function SessionProvider(props: { readonly children: ReactNode }): ReactNode;
  export function useSession(): Session;
  export function signIn(provider: string): Promise<void>;
  export function signOut(): Promise<void>;
}

declare module 'keycloak-js' {
  export default class Keycloak {
    constructor(config: { readonly url: string; readonly realm: string; readonly clientId: string });
    readonly authenticated?: boolean;
    readonly token?: string;
    init(options: { readonly onLoad?: 'check-sso' | 'login-required' }): Promise<boolean>;
    login(): Promise<void>;
    updateToken(minValidity: number): Promise<boolean>;
  }
}

declare module 'oidc-spa/core' {
  type Oidc =
    | { readonly isUserLoggedIn: false; readonly login: () => Promise<never> }
    | { readonly isUserLoggedIn: true; readonly getTokens: () => Promise<{ readonly accessToken: string }> };
  export function createOidc(config: { readonly issuerUri: string; readonly clientId: string }): Promise<Oidc>;
}
