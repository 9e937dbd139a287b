import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/index.ts', 'src/core.ts', 'src/bonfire.ts', 'src/oauth2.ts', 'src/query.ts', 'src/devtools.ts', 'src/devtools-off.ts', 'src/testing.ts', 'src/testing-react.ts', 'src/testing-msw.ts', 'src/testing-playwright.ts'],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  fixedExtension: false,
});
