/// <reference types="vite/client" />

interface ImportMetaEnv {
  readonly VITE_API_URL: string;
  readonly VITE_APP_KEY: string;
  /** Empty when the API is not the embedded one. */
  readonly VITE_CONTROL_URL: string;
}
