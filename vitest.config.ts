import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { sourceAlias } from './source-alias.ts';
import { PACE, patience } from './test/support/pace.ts';

process.env['TEST_PACE'] ??= String(PACE); // Measured once, for all processes of a run.

// UNEXPIRED_TARGET=dist leaves the names to package.json's `exports`: the same tests then run on the build.
const alias = process.env['UNEXPIRED_TARGET'] === 'dist' ? [] : sourceAlias;

const oldReact = (name: string) => fileURLToPath(new URL(`./test/react-18/node_modules/${name}`, import.meta.url));

/** Tests that use React render into jsdom. They share it and their modules, because both cost more than the tests, and each test unmounts what it mounts. */
const react = (name: string) => ({
  name,
  include: ['test/{react,query,kit}/**/*.test.tsx'],
  environment: 'jsdom' as const,
  isolate: false,
  setupFiles: 'test/support/react-setup.ts',
});

export default defineConfig({
  resolve: { alias },
  test: {
    // A timeout only names what hangs, so each is generous, and longer on a slow machine.
    testTimeout: patience(60_000),
    hookTimeout: patience(60_000),
    teardownTimeout: patience(30_000),
    expect: { poll: { timeout: patience(15_000) } },
    maxWorkers: Math.max(2, Math.ceil(availableParallelism() / 2)), // Vitest would use one on two cores.
    projects: [
      {
        extends: true,
        // These share their modules, because loading them costs more than the tests.
        test: { name: 'node', include: ['test/{unit,property,engine,simulation,explore,bench,fleet}/**/*.test.ts', 'test/server/*.test.ts'], environment: 'node', isolate: false, unstubGlobals: true },
      },
      {
        extends: true,
        // These change globals, or use a library that does.
        test: { name: 'node-isolated', include: ['test/{storage,clients,servers,kit,hosts}/**/*.test.ts', 'test/server/{proxy,attacks}/*.test.ts'], exclude: ['test/kit/playwright.test.ts'], environment: 'node' },
      },
      {
        extends: true,
        test: { name: 'stores', include: ['test/server/stores/*.test.ts'], environment: 'node' },
      },
      {
        extends: true,
        test: { name: 'proof', include: ['test/server/proof/*.test.ts'], environment: 'node' },
      },
      {
        extends: true,
        test: { name: 'proof-long', include: ['test/server/proof/long/*.test.ts'], environment: 'node', testTimeout: patience(300_000), hookTimeout: patience(120_000) },
      },
      {
        extends: true,
        test: react('react'),
      },
      {
        extends: true,
        resolve: { alias: ['react', 'react-dom', '@testing-library/react'].map((name) => ({ find: new RegExp(`^${name}(?=/|$)`), replacement: oldReact(name) })) },
        test: {
          ...react('react-18'),
          server: { deps: { inline: [/@tanstack/] } }, // Else it would bring the newest React.
        },
      },
      {
        extends: true,
        test: { name: 'package', include: ['test/package/*.test.ts'], environment: 'node' },
      },
      {
        extends: true,
        test: { name: 'tools', include: ['test/package/tools/*.test.ts'], environment: 'node' },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/{browser,fidelity}/**/*.test.ts', 'test/kit/playwright.test.ts'],
          environment: 'node',
          globalSetup: 'test/browser/support/global-setup.ts',
          testTimeout: patience(300_000),
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: { name: 'storybook', include: ['test/storybook/**/*.test.ts'], environment: 'node', testTimeout: patience(300_000), hookTimeout: patience(300_000) },
      },
      {
        extends: true,
        test: { name: 'consumers', include: ['test/consumers/*.test.ts'], environment: 'node', testTimeout: patience(300_000), hookTimeout: patience(120_000) },
      },
      {
        extends: true,
        test: {
          name: 'browsers',
          include: ['test/browsers/**/*.test.ts'],
          environment: 'node',
          globalSetup: 'test/browsers/support/global-setup.ts',
          testTimeout: patience(300_000),
          hookTimeout: patience(120_000),
          fileParallelism: false,
        },
      },
    ],
  },
});
