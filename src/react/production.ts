/** What `development.ts` exports, without its warnings. */

export const useClientAdvice = (): void => undefined;
