/** The functions of `advice.ts` outside development, without their warnings. */

export const useClientAdvice = (): void => undefined;
