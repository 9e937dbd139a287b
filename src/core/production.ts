/** What `development.ts` exports, without its texts. */

export const given = (): string => '';
export const typeGiven = (): string => '';
export const requestPathHint = (): string => '';
export const instantHint = (): string => '';
export const requirementOf = (): string => 'is not valid';
export const createAdvice = () => ({ unreadableHeader: (): void => undefined });
