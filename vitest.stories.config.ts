import { fileURLToPath } from 'node:url';
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { sourceAlias } from './source-alias.ts';
import { chromiumOptions } from './test/browser/support/browser.ts';
import { patience } from './test/support/pace.ts';

/** The stories' play functions as tests. They have a config of their own, because reading Storybook's costs each run of Vitest 2 s. */
export default defineConfig({
  resolve: { alias: sourceAlias },
  plugins: [storybookTest({ configDir: fileURLToPath(new URL('./.storybook', import.meta.url)) })],
  test: {
    name: 'stories',
    testTimeout: patience(60_000),
    hookTimeout: patience(60_000),
    browser: {
      enabled: true,
      headless: true,
      provider: playwright({ launchOptions: chromiumOptions() }),
      instances: [{ browser: 'chromium' }],
      connectTimeout: patience(120_000),
    },
  },
});
