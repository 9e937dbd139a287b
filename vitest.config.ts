import { fileURLToPath } from 'node:url';
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { sourceAlias } from './source-alias.ts';
import { chromiumPath } from './test/browser/support/browser-path.ts';

// UNEXPIRED_TARGET=dist leaves the names to package.json's `exports`: the same tests then run on the build.
const alias = process.env['UNEXPIRED_TARGET'] === 'dist' ? [] : sourceAlias;

const oldReact = (name: string) => fileURLToPath(new URL(`./test/react-18/node_modules/${name}`, import.meta.url));

export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'node', include: ['test/{unit,property,engine,simulation,storage,package,clients,servers,kit,bench,fleet}/**/*.test.ts'], exclude: ['test/kit/playwright.test.ts'], environment: 'node' },
      },
      {
        extends: true,
        test: { name: 'react', include: ['test/{react,query,kit}/**/*.test.tsx'], environment: 'jsdom' },
      },
      {
        extends: true,
        resolve: { alias: ['react', 'react-dom', '@testing-library/react'].map((name) => ({ find: new RegExp(`^${name}(?=/|$)`), replacement: oldReact(name) })) },
        test: {
          name: 'react-18',
          include: ['test/{react,query,kit}/**/*.test.tsx'],
          environment: 'jsdom',
          server: { deps: { inline: [/@tanstack/] } }, // Else it would bring the newest React.
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/{browser,fidelity,storybook}/**/*.test.ts', 'test/kit/playwright.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        plugins: [storybookTest({ configDir: fileURLToPath(new URL('./.storybook', import.meta.url)) })],
        test: {
          name: 'stories',
          browser: {
            enabled: true,
            headless: true,
            provider: playwright({ launchOptions: { executablePath: chromiumPath(), args: ['--disable-background-networking', '--no-first-run'] } }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'consumers',
          include: ['test/consumers/*.test.ts'],
          environment: 'node',
          testTimeout: 300_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browsers',
          include: ['test/browsers/**/*.test.ts'],
          environment: 'node',
          globalSetup: 'test/browsers/support/global-setup.ts',
          testTimeout: 300_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
