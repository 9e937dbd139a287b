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
    server: 'src/server.ts',
    'server-redis': 'src/server-redis.ts',
    'server-testing': 'src/server-testing.ts',
    testing: 'src/testing.ts',
    'testing-react': 'src/testing-react.ts',
    'testing-msw': 'src/testing-msw.ts',
    'testing-playwright': 'src/testing-playwright.ts',
    // The conditions of package.json's `imports` choose one of each pair.
    words: 'src/core/words.ts',
    'short-words': 'src/core/short-words.ts',
    advice: 'src/core/advice.ts',
    'no-advice': 'src/core/no-advice.ts',
    'advice-react': 'src/react/advice.ts',
    'no-advice-react': 'src/react/no-advice.ts',
  },
  deps: { neverBundle: [/^#/] },
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  fixedExtension: false,
});
