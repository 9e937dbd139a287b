import type * as advice from './advice.ts';

/** The functions of `advice.ts` outside development, without their warnings. */

export const useClientAdvice: typeof advice.useClientAdvice = () => undefined;
