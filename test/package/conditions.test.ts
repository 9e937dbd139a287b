import { expect, it } from 'vitest';

/** The two files of each entry in package.json's `imports`. An import that only one of them has breaks the other build. */
const PAIRS = [
  ['#words', () => import('../../src/core/words.ts'), () => import('../../src/core/short-words.ts')],
  ['#advice', () => import('../../src/core/advice.ts'), () => import('../../src/core/no-advice.ts')],
  ['#advice-react', () => import('../../src/react/advice.ts'), () => import('../../src/react/no-advice.ts')],
] as const;

it.each(PAIRS)('both files of %s export the same names', async (_, one, other) => {
  expect(Object.keys(await other()).sort()).toEqual(Object.keys(await one()).sort());
});
