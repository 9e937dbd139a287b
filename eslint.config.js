import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** The imports that a layer may have, types included. Every layer may also import `#words` and `#advice`. */
const mayImport = (folder, allowed, message) => ({
  files: [folder.endsWith('.ts') ? `src/${folder}` : `src/${folder}/**`],
  rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: `^(?!${allowed}|#words$|#advice)`, message }] }] },
});

/** The folders of the core, the lowest first. Each may import the folders below it. */
const coreFolders = ['model', 'platform', 'storage', 'events', 'endpoint', 'session', 'refresh', 'request'];
const packages = { model: 'jwt-decode$', storage: 'idb-keyval$' };

const coreLayers = coreFolders.map((folder, floor) => {
  const below = coreFolders.slice(0, floor).map((lower) => `\\.\\./${lower}/`);
  const allowed = ['\\./', ...below, ...(packages[folder] ? [packages[folder]] : [])].join('|');
  return mayImport(`core/${folder}`, allowed, `core/${folder} imports only ${coreFolders.slice(0, floor).join(', ') || 'its own files'}.`);
});

const layers = [
  mayImport('core', '\\./', 'core imports only core.'),
  ...coreLayers,
  mayImport('protocols', '\\./|\\.\\./[a-z-]+\\.ts$|(\\.\\./)+core/model/', 'protocols import only core/model.'),
  mayImport('protocols/via-server', '\\./|\\.\\./[a-z-]+\\.ts$|(\\.\\./)+core/(model/|in-cookie\\.ts$)', 'via-server imports only core/model and the cookie.'),
  mayImport('dpop', '\\./|\\.\\./core/', 'dpop imports only core.'),
  mayImport('apis', '\\./|\\.\\./core/|\\.\\./protocols/challenges\\.ts$', 'apis import only core and the reader of challenges.'),
  mayImport('redirect', '\\./|\\.\\./core/|\\.\\./protocols/oauth2/|oauth4webapi$', 'redirect imports only core, oauth2 and oauth4webapi.'),
  mayImport('redirect/react', '\\./|\\.\\./[a-z-]+\\.ts$|\\.\\./\\.\\./core/|\\.\\./\\.\\./react/auth-context\\.ts$|react$', 'redirect/react imports redirect, core, the context of AuthProvider and react.'),
  mayImport('server', '\\./|\\.\\./core/', 'server imports only core.'),
  mayImport('server/file*.ts', '\\./|\\.\\./core/|node:', 'the store in files imports only core and node.'),
  mayImport('react', '\\./|\\.\\./core/|react$', 'react imports only core.'),
  mayImport('query', '\\./|\\.\\./core/|\\.\\./react/auth-context\\.ts$|react$|@tanstack/react-query$', 'query imports only core, the context of AuthProvider, react and TanStack Query.'),
  mayImport('devtools', '\\./|\\.\\./core/|react$|react-dom$', 'devtools import only core and react.'),
  mayImport('devtools/panel', '\\./|\\.\\./model/|\\.\\./[a-z-]+\\.ts$|\\.\\./\\.\\./core/|react$|react-dom$', 'the panel imports only core, the model and react.'),
  mayImport('devtools/model', '\\./|\\.\\./\\.\\./core/model/', 'devtools/model imports only core/model.'),
  mayImport('testing', '\\./|\\.\\./core/|\\.\\./protocols/|hono$|hono/|jose$', 'testing imports core, protocols, hono and jose.'),
  mayImport('testing/react', '\\./|\\.\\./[a-z-]+\\.ts$|\\.\\./\\.\\./(core|protocols|react)/|react$|@testing-library/react$', 'testing/react imports the kit, core, protocols, react and Testing Library.'),
  mayImport('testing/msw', '\\./|\\.\\./[a-z-]+\\.ts$|msw$', 'testing/msw imports the kit and msw.'),
  mayImport('testing/playwright', '\\./|\\.\\./[a-z-]+\\.ts$|\\.\\./\\.\\./(core|protocols)/|@playwright/test$', 'testing/playwright imports the kit, core, protocols and Playwright’s types.'),
];

const worldly = [
  'window', 'document', 'navigator', 'globalThis', 'self', 'fetch', 'crypto', 'performance', 'console', 'process',
  'localStorage', 'sessionStorage', 'indexedDB', 'setTimeout', 'setInterval', 'clearTimeout', 'queueMicrotask', 'BroadcastChannel',
];

const purity = {
  files: ['src/core/model/**', 'src/protocols/**', 'src/devtools/model/**', 'bench/fleet/**/*.ts'],
  rules: {
    'no-restricted-globals': ['error', ...worldly.map((name) => ({ name, message: 'Pure files take the world as arguments.' }))],
    'no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: 'Pure files take the time as an argument.' },
      { object: 'Math', property: 'random', message: 'Pure files take randomness as an argument.' },
    ],
    'no-restricted-syntax': [
      'error',
      { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Pure files take the time as an argument.' },
      { selector: 'ImportExpression', message: 'Imports are static.' },
      { selector: 'ExportAllDeclaration', message: 'Exports are named one by one.' },
    ],
  },
};

const oneDoor = {
  files: ['src/core/**', 'src/react/**', 'src/query/**', 'src/server/**', 'src/redirect/**', 'src/dpop/**', 'src/apis/**'],
  ignores: ['src/core/platform/browser-platform.ts', 'src/redirect/sign-in-window.ts', 'src/core/model/**'],
  rules: {
    'no-restricted-globals': ['error', ...worldly.filter((name) => !['globalThis'].includes(name)).map((name) => ({ name, message: 'The world is reached through the Platform.' }))],
    'no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: 'The world is reached through the Platform.' },
      { object: 'Math', property: 'random', message: 'The world is reached through the Platform.' },
    ],
  },
};

export default tseslint.config(
  { ignores: ['dist/**', 'storybook-static/**', '.storybook/public/**', 'coverage/**', '**/node_modules/**', 'test/consumers/apps/**', 'bench/!(fleet)/**', 'bench/*.{ts,js}'] },
  ...tseslint.configs.recommended,
  hooks.configs.flat['recommended-latest'] ?? hooks.configs['recommended-latest'],
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', 300],
      eqeqeq: 'error',
    },
  },
  { files: ['src/**'], rules: { 'max-lines': ['error', 250] } },
  ...layers,
  oneDoor,
  purity,
);
