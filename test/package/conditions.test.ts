import { describe, expect, it } from 'vitest';
import { root, run } from './support/package.ts';

/** The two files of each entry in package.json's `imports`. An import that only one of them has breaks the other build. */
const PAIRS = [
  ['#words', () => import('../../src/core/words.ts'), () => import('../../src/core/short-words.ts')],
  ['#advice', () => import('../../src/core/advice.ts'), () => import('../../src/core/no-advice.ts')],
  ['#advice-react', () => import('../../src/react/advice.ts'), () => import('../../src/react/no-advice.ts')],
] as const;

it.each(PAIRS)('both files of %s export the same names', async (_, one, other) => {
  expect(Object.keys(await other()).sort()).toEqual(Object.keys(await one()).sort());
});

/** A part of each warning. */
const WARNINGS = ['different clients within', 'Access-Control-Expose-Headers', 'did not store or send the cookie'];

/** Bundles an app that uses the build, as a bundler with these conditions does, and returns the text of the bundle. */
function bundle(conditions?: readonly string[]): string {
  const app = "export * from './dist/index.js'; export * from './dist/oauth2.js'; export * from './dist/bonfire.js'; export * from './dist/query.js';";
  const code = `
    import { build } from 'esbuild';
    const { outputFiles } = await build({
      stdin: { contents: ${JSON.stringify(app)}, resolveDir: ${JSON.stringify(root)} }, bundle: true, write: false, format: 'esm',
      external: ['react', '@tanstack/react-query'], ...${JSON.stringify(conditions ? { conditions } : {})},
    });
    process.stdout.write(outputFiles[0].text);
  `;
  return run(process.execPath, ['--input-type=module', '-e', code]);
}

describe('an app that is bundled', () => {
  it.each([
    ['without a condition', undefined],
    ['with the condition production', ['production', 'module']],
  ])('%s contains no development warning', (_, conditions) => {
    const text = bundle(conditions);
    expect(text).toContain('AuthProvider');
    for (const warning of WARNINGS) expect(text).not.toContain(warning);
  });

  it('with the condition development contains every development warning', () => {
    const text = bundle(['development', 'module']);
    for (const warning of WARNINGS) expect(text).toContain(warning);
  });

  it('with the condition production contains the words of no wrong setting, which any other bundle contains', () => {
    const words = 'must be an array of origins';
    expect(bundle(['production', 'module'])).not.toContain(words);
    expect(bundle()).toContain(words);
  });
});
