/** What `development.ts` exports, without its texts. */

export const given = (): string => '';
export const typeGiven = given;
export const requestPathHint = given;
export const instantHint = given;
export const requirementOf = (): string => 'is not valid';
export const createAdvice = () => ({ unreadableHeader: (): void => undefined });
