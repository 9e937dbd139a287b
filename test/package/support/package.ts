import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { patience } from '../../support/pace.ts';

/** The root folder of the package. */
export const root = resolve(import.meta.dirname, '../../..');

/** The package's manifest. */
export const manifest = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly imports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
};

/** The path of a tool that is installed with the package. */
export function bin(name: string): string {
  return resolve(root, 'node_modules/.bin', name);
}

/** Runs a program in the root folder and returns its output. A program that hangs is ended, and the error names it. */
export function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync(program, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env }, timeout: patience(120_000) });
}

/** Returns the paths of the files in the tarball. */
export function packedFiles(): string[] {
  const output = run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']);
  const [packed] = JSON.parse(output) as [{ readonly files: readonly { readonly path: string }[] }];
  return packed.files.map(({ path }) => path);
}
