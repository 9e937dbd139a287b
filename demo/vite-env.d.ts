/// <reference types="vite/client" />
import type { DemoApis } from './environment.ts';

declare global {
  interface ImportMetaEnv {
    readonly VITE_APIS: DemoApis;
    readonly VITE_APP_KEY: string;
  }
}
