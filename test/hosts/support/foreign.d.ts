// What the recipe for React Native uses of its modules, which are not installed here.
declare module 'react-native' {
  export const AppState: { addEventListener(type: 'change', listener: (state: string) => void): { remove(): void } };
}
declare module 'expo-crypto' {
  export function randomUUID(): string;
}
declare module 'expo-secure-store' {
  export function getItemAsync(key: string): Promise<string | null>;
  export function setItemAsync(key: string, value: string): Promise<void>;
  export function deleteItemAsync(key: string): Promise<void>;
}
declare module 'whatwg-fetch' {
  export const fetch: unknown, Headers: unknown, Request: unknown, Response: unknown;
}
declare module 'abort-controller/dist/abort-controller.mjs' {
  export const AbortController: unknown, AbortSignal: unknown;
}
