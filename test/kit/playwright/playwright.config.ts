import { defineConfig } from '@playwright/test';
import { patience } from '../../support/pace.ts';

export default defineConfig({
  testDir: '.',
  reporter: 'json',
  workers: 1,
  timeout: patience(60_000),
  expect: { timeout: patience(15_000) },
  use: {
    baseURL: process.env['APP_ORIGIN'] ?? '',
    launchOptions: { executablePath: process.env['CHROMIUM'] ?? '', args: ['--disable-background-networking', '--no-first-run'], timeout: patience(60_000) },
  },
});
