import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** The root folder of the package. */
export const root = resolve(import.meta.dirname, '../../..');

/** Returns the paths of the files in the tarball. */
export function packedFiles(): string[] {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' });
  const [packed] = JSON.parse(output) as [{ readonly files: readonly { readonly path: string }[] }];
  return packed.files.map(({ path }) => path);
}
