/** The functions of `advice.ts` outside development, without their warnings. */

export const createAdvice = () => ({ unreadableHeader: (): void => undefined });
export const adviseLostCookie = (): void => undefined;
export const adviseUnknownSubject = (): void => undefined;
export const adviseHiddenNonce = (): void => undefined;
