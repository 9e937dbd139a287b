import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const eslint = new ESLint();

/** The rules that a file of that path and content breaks. */
async function brokenRules(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId ?? 'fatal');
}

// The linter also runs over the source itself, which shows that it accepts every arrow that is allowed.
describe('the linter rejects', () => {
  it.each([
    ['the core importing React', 'src/core/session/x.ts', "import type { ReactNode } from 'react';\nexport type X = ReactNode;"],
    ['the core importing the devtools', 'src/core/x.ts', "import { Panel } from '../devtools/panel/panel.tsx';\nexport const x = Panel;"],
    ['a folder of the core importing one above it', 'src/core/platform/x.ts', "import type { SessionStore } from '../session/session-store.ts';\nexport type X = SessionStore;"],
    ['a protocol importing more of the core than its model', 'src/protocols/bonfire/x.ts', "import type { Platform } from '../../core/platform/platform.ts';\nexport type X = Platform;"],
    ['the React bindings importing a protocol', 'src/react/x.ts', "import { bonfire } from '../protocols/bonfire/bonfire.ts';\nexport const x = bonfire;"],
    ['a store of the server importing a module of Node', 'src/server/x.ts', "import { join } from 'node:path';\nexport const x = join;"],
    ['a store of the server importing the library of its client', 'src/server/redis.ts', "import { createClient } from 'redis';\nexport const x = createClient;"],
    ['the store in files importing a package', 'src/server/file.ts', "import { Pool } from 'pg';\nexport const x = Pool;"],
    ['the query bindings importing a hook of the React bindings', 'src/query/x.ts', "import { useAuth } from '../react/use-auth.ts';\nexport const x = useAuth;"],
  ])('%s', async (_arrow, file, code) => {
    expect(await brokenRules(file, code)).toEqual(['no-restricted-imports']);
  });

  it.each([
    ['the model reading the clock', 'src/core/model/x.ts', 'export const x = () => Date.now();', 'no-restricted-properties'],
    ['the core reading a storage of the browser without its platform', 'src/core/session/x.ts', "export const x = () => localStorage.getItem('token');", 'no-restricted-globals'],
  ])('%s', async (_access, file, code, rule) => {
    expect(await brokenRules(file, code)).toEqual([rule]);
  });
});
