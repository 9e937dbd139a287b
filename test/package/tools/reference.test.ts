import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { bin, root } from '../support/package.ts';

it('typedoc documents every public name without a warning', () => {
  expect(() => execFileSync(bin('typedoc'), ['--emit', 'none', '--logLevel', 'Warn'], { cwd: root, encoding: 'utf8' })).not.toThrow();
});
