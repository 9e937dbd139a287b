import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    core: 'src/core.ts',
    bonfire: 'src/bonfire.ts',
    oauth2: 'src/oauth2.ts',
    query: 'src/query.ts',
    devtools: 'src/devtools.ts',
    'devtools-off': 'src/devtools-off.ts',
    testing: 'src/testing.ts',
    'testing-react': 'src/testing-react.ts',
    'testing-msw': 'src/testing-msw.ts',
    'testing-playwright': 'src/testing-playwright.ts',
    // The conditions of package.json's `imports` choose one of each pair.
    development: 'src/core/development.ts',
    production: 'src/core/production.ts',
    'development-react': 'src/react/development.ts',
    'production-react': 'src/react/production.ts',
  },
  deps: { neverBundle: [/^#/] },
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  fixedExtension: false,
});
