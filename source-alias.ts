import { fileURLToPath } from 'node:url';

const source = (file: string) => fileURLToPath(new URL(`./src/${file}`, import.meta.url));

/** Resolves the package's own entry points to their sources, so tests and the demo need no build. */
export const sourceAlias = [
  { find: '#words', replacement: source('core/words.ts') },
  { find: '#advice-react', replacement: source('react/advice.ts') },
  { find: '#advice', replacement: source('core/advice.ts') },
  { find: /^unexpired$/, replacement: source('index.ts') },
  { find: /^unexpired\/testing\/(react|msw|playwright)$/, replacement: source('testing-$1.ts') },
  { find: /^unexpired\/redirect\/react$/, replacement: source('redirect-react.ts') },
  { find: /^unexpired\/server\/(file|postgres|redis|testing)$/, replacement: source('server-$1.ts') },
  { find: /^unexpired\/(core|bonfire|oauth2|apis|dpop|redirect|via-server|query|devtools|testing|server)$/, replacement: source('$1.ts') },
];
