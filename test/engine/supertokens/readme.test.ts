import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

it('each scenario of the README names a test of this folder', () => {
  const tests = readdirSync(new URL('.', import.meta.url)).filter((name) => name.endsWith('.test.ts') && name !== 'readme.test.ts').map(read).join('\n');
  // A placeholder of a table of cases stands for one word or more.
  const names = [...tests.matchAll(/^ {2}it(?:\.each\([^]*?\))?\('(.+?)', async/gm)].map(([, name = '']) => new RegExp(`^${name.replace(/[()]/g, '\\$&').replace('%s', '.+')}$`));
  const rows = read('README.md').split('\n').filter((line) => /^\| .+ \| .+ \|/.test(line)).map((line) => line.split(' | ')[1] ?? '').slice(2);
  expect(rows.length).toBeGreaterThan(35);
  for (const row of rows) expect(names.filter((name) => name.test(row.trim())), row).toHaveLength(1);
  for (const name of names) expect(rows.some((row) => name.test(row.trim())), String(name)).toBe(true);
});
