/** The functions of `words.ts` in a production build, without their texts. */

export const given = (): string => '';
export const typeGiven = (): string => '';
export const requestPathHint = (): string => '';
export const instantHint = (): string => '';
export const requirementOf = (): string => 'is not valid; a development build says why';
