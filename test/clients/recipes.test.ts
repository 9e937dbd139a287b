import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { TESTED_VERSIONS } from '../../storybook/docs/versions.ts';

it('the docs name the versions that the recipes are tested with', () => {
  const { devDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { devDependencies: Record<string, string> };
  const rows = TESTED_VERSIONS.filter(({ kind }) => kind === 'HTTP client').map(({ name, versions }) => [name, ...versions]);
  expect(rows.length).toBeGreaterThan(10);
  expect(rows).toEqual(rows.map(([name = '']) => [name, devDependencies[name]]));
});
