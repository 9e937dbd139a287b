import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');

it.each(readdirSync(`${root}test/servers/recipes`))('the README shows %s just as it is tested', (file) => {
  const code = readFileSync(`${root}test/servers/recipes/${file}`, 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${code}\`\`\``);
});

it('the README names the versions of the servers, and of what signs in, that are tested', () => {
  const { devDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { devDependencies: Record<string, string> };
  const rows = [...readme.matchAll(/^\| (?:OAuth 2\.0 server|sign-in) \| `(.+)` \| (.+) \|$/gm)].map(([, name = '', version]) => [name, version]);
  expect(rows).toEqual(['oidc-provider', '@node-oauth/oauth2-server', 'oauth4webapi'].map((name) => [name, devDependencies[name]]));
});
