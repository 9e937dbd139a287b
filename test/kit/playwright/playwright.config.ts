import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  reporter: 'json',
  workers: 1,
  use: {
    baseURL: process.env['APP_ORIGIN'] ?? '',
    launchOptions: { executablePath: process.env['CHROMIUM'] ?? '', args: ['--disable-background-networking', '--no-first-run'] },
  },
});
