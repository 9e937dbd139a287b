import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { TESTED_VERSIONS } from '../../storybook/docs/versions.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const guide = readFileSync(`${root}storybook/docs/guides/sessions-on-a-server.mdx`, 'utf8');

it.each(readdirSync(`${root}test/servers/recipes`))('the README or the guide to sessions on a server links to %s, which is tested', (file) => {
  expect(readme.includes(`](test/servers/recipes/${file})`) || guide.includes(file)).toBe(true);
});

it('the docs name the tested versions of the servers and of the sign-in library', () => {
  const { devDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { devDependencies: Record<string, string> };
  const rows = TESTED_VERSIONS.filter(({ kind }) => kind === 'OAuth 2.0 server' || kind === 'sign-in').map(({ name, versions }) => [name, ...versions]);
  expect(rows).toEqual(['oidc-provider', '@node-oauth/oauth2-server', 'oauth4webapi'].map((name) => [name, devDependencies[name]]));
});
