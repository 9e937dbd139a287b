import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const RECIPES = readdirSync(`${root}test/clients/recipes`);

it.each(RECIPES)('the README shows %s as it is tested, or links to it', (file) => {
  const code = readFileSync(`${root}test/clients/recipes/${file}`, 'utf8');
  const isShown = readme.includes(`\`\`\`ts\n${code}\`\`\``);
  expect(isShown || readme.includes(`](test/clients/recipes/${file})`)).toBe(true);
});

it('the README names the versions that the recipes are tested with', () => {
  const { devDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { devDependencies: Record<string, string> };
  const rows = [...readme.matchAll(/^\| HTTP client \| `(.+)` \| (.+) \|$/gm)].map(([, name = '', version]) => [name, version]);
  expect(rows.length).toBeGreaterThan(10);
  expect(rows).toEqual(rows.map(([name = '']) => [name, devDependencies[name]]));
});
