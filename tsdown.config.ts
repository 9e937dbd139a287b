import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: [
    ...['index', 'core', 'bonfire', 'oauth2', 'query', 'devtools', 'devtools-off'].map((name) => `src/${name}.ts`),
    ...['testing', 'testing-react', 'testing-msw', 'testing-playwright'].map((name) => `src/${name}.ts`),
    // The conditions of package.json's `imports` choose between each pair.
    { development: 'src/core/development.ts', production: 'src/core/production.ts' },
    { 'development-react': 'src/react/development.ts', 'production-react': 'src/react/production.ts' },
  ],
  deps: { neverBundle: [/^#/] },
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  fixedExtension: false,
});
