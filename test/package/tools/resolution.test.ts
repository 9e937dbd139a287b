import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bin, run } from '../support/package.ts';

it('every way of importing the package finds its types', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unexpired-'));
  try {
    const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder])) as [{ filename: string }];
    expect(() => run(bin('attw'), [join(folder, filename), '--profile', 'esm-only', '--exclude-entrypoints', 'server/postgres.sql'])).not.toThrow();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
