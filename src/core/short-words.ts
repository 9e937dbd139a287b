/** The functions of `words.ts` in a production build, without their texts. */

export const given = (): string => '';
export const typeGiven = (): string => '';
export const originHint = (): string => '';
export const endpointHint = '';
export const corsHint = (): string => '';
export const clientHint = (): string => '';
export const tokenSetHint = (): string => '';
export const withOrigin = <T>(outcome: T): T => outcome;
export const refusalHint = (): string => '';
export const fullStorageHint = '';
export const requirementOf = (): string => 'is not valid; a development build says why';
