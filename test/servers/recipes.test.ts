import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');

it.each(readdirSync(`${root}test/servers/recipes`))('the README links to %s, which is tested', (file) => {
  expect(readme).toContain(`](test/servers/recipes/${file})`);
});

it('the README names the tested versions of the servers and of the sign-in library', () => {
  const { devDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { devDependencies: Record<string, string> };
  const rows = [...readme.matchAll(/^\| (?:OAuth 2\.0 server|sign-in) \| `(.+)` \| (.+) \|$/gm)].map(([, name = '', version]) => [name, version]);
  expect(rows).toEqual(['oidc-provider', '@node-oauth/oauth2-server', 'oauth4webapi'].map((name) => [name, devDependencies[name]]));
});
