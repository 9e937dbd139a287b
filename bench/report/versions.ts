import { readFile } from 'node:fs/promises';

/** Returns the pinned packages and their versions as one line. */
export async function versions(): Promise<string> {
  const { dependencies } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as { dependencies: Record<string, string> };
  return Object.entries(dependencies).map(([name, version]) => `${name} ${version}`).join(', ').concat('.');
}
