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
