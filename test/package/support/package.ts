import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** The folder of the package. */
export const root = resolve(import.meta.dirname, '../../..');

/** What the tarball holds, by path. */
export function packedFiles(): string[] {
  const told = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' });
  const [packed] = JSON.parse(told) as [{ readonly files: readonly { readonly path: string }[] }];
  return packed.files.map(({ path }) => path);
}
