import { expect, it } from 'vitest';
import { bin, run } from '../support/package.ts';

it('typedoc documents every public name without a warning', () => {
  expect(() => run(bin('typedoc'), ['--emit', 'none', '--logLevel', 'Warn'])).not.toThrow();
});
