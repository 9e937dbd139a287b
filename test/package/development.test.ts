import { expect, it } from 'vitest';

/** The two builds of each `#development` entry of package.json. An import that only one of them has breaks the other build. */
const PAIRS = [
  ['src/core', () => import('../../src/core/development.ts'), () => import('../../src/core/production.ts')],
  ['src/react', () => import('../../src/react/development.ts'), () => import('../../src/react/production.ts')],
] as const;

it.each(PAIRS)('a production build of %s exports every name that a development build exports', async (_, development, production) => {
  expect(Object.keys(await production()).sort()).toEqual(Object.keys(await development()).sort());
});
